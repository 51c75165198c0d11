package io.streamer.emulator.fault;

/** What is done with a request to DynamoDB or with its answer. */
public sealed interface Verdict {
  /** It goes on its way. */
  record Pass() implements Verdict {}

  /** The sender gets this in place of an answer; the type is DynamoDB's. */
  record Refuse(int status, String type, String message) implements Verdict {}

  /** The sender's connection is closed. */
  record Cut() implements Verdict {}
}

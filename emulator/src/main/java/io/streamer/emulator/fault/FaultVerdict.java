package io.streamer.emulator.fault;

/** What is done with a request to DynamoDB or with its answer. */
public sealed interface FaultVerdict {
  /** It goes on its way. */
  record Pass() implements FaultVerdict {}

  /** The sender gets this in place of an answer; the type is DynamoDB's. */
  record Refuse(int status, String type, String message) implements FaultVerdict {}

  /** The sender's connection is closed. */
  record Cut() implements FaultVerdict {}
}

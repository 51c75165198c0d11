package io.streamer.gateway.action;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.Problem;

/** What came of a call. */
public sealed interface ActionReply {

  /** It ran. */
  record Answered(RawJson result) implements ActionReply {}

  /** It is valid and expected to take longer than the threshold: a job. */
  record Queue() implements ActionReply {}

  record Failed(Problem problem) implements ActionReply {}
}

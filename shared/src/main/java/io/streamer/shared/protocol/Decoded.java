package io.streamer.shared.protocol;

import org.jspecify.annotations.Nullable;

/** What came out of a client's text: a frame, or what is wrong with it. */
public sealed interface Decoded {

  record Frame(ClientFrame frame) implements Decoded {}

  /**
   * What cannot be taken.
   *
   * @param requestId the frame's id where it has a valid one, to be echoed in the answer
   */
  record Malformed(@Nullable String requestId, Problem problem) implements Decoded {}
}

package io.streamer.emulator.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;

/** A function whose runs have processes of their own to lose. */
public interface Killable extends RequestStreamHandler {
  /**
   * The process of this run is dead, if it still runs: called before anybody learns of it. The
   * run's thread is interrupted next. Must not block.
   */
  void killed(String requestId);
}

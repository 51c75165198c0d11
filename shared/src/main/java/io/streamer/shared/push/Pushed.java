package io.streamer.shared.push;

import io.streamer.shared.trace.Span;

/** What became of a push. */
public sealed interface Pushed {

  /** Ends the span of the push, as it went. */
  default void end(Span span) {
    switch (this) {
      case Delivered _ -> {}
      case Gone _ -> span.failed("gone");
      case Failed _ -> span.failed("failed");
    }
    span.end();
  }

  record Delivered() implements Pushed {}

  /** The connection is no more; this one or an earlier frame may still have arrived. */
  record Gone() implements Pushed {}

  /**
   * It did not get through.
   *
   * @param why for the log: no frame content
   * @param retryable whether the same push may work later
   */
  record Failed(String why, boolean retryable) implements Pushed {}
}

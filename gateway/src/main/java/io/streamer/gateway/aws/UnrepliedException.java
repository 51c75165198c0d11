package io.streamer.gateway.aws;

import org.jspecify.annotations.Nullable;

/** A call over HTTP that got no answer, or not the whole of one; its message is for the log. */
public final class UnrepliedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnrepliedException(String why, @Nullable Throwable cause) {
    // an outcome, of which there may be many: nobody reads where it was made
    super(why, cause, false, false);
  }
}

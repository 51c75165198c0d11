package io.streamer.worker.aws;

import org.jspecify.annotations.Nullable;

/** Lambda has not taken an event, as far as is known. */
public final class NotInvokedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotInvokedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

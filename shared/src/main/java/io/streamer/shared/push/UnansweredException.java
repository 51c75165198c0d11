package io.streamer.shared.push;

import org.jspecify.annotations.Nullable;

/** A call that got no answer, or none that can be read; or that could not even be made. */
public final class UnansweredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * For lack of an answer.
   *
   * @param why for the log
   */
  public UnansweredException(String why, @Nullable Throwable cause) {
    super(why, cause);
  }
}

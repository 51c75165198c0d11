package io.streamer.gateway.connection;

/**
 * What is known of a connection's row. The context of {@link ConnectionRows} changes it, all may
 * look.
 */
final class RowState {
  private volatile boolean asked;
  private volatile boolean uncertain;
  private volatile long writtenAt;

  /** It is about to be written. */
  void asking() {
    asked = true;
  }

  /** Whether there may be one. */
  boolean mayExist() {
    return asked;
  }

  /** Nobody answered a write of it: that may still happen. */
  void unanswered() {
    uncertain = true;
  }

  /** Whether there may be one later, although there is none now. */
  boolean isUncertain() {
    return uncertain;
  }

  /**
   * It was written, or seen to be there.
   *
   * @param at epoch milliseconds
   */
  void written(long at) {
    writtenAt = at;
  }

  /** It is not there. */
  void lost() {
    writtenAt = 0;
  }

  /** When it was written last, in epoch milliseconds; 0 if it is not there. */
  long writtenAt() {
    return writtenAt;
  }
}

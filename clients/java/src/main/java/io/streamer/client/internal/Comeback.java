package io.streamer.client.internal;

/** Whether and when a client comes back, by how its connection ended. */
public enum Comeback {
  /** At once, and as {@link #JITTER} if that leads to no lasting connection. */
  NOW(0, 500),
  /** After a random time. */
  JITTER(0, 500),
  /** The same, with a longer one to begin with. */
  RESTART(0, 1_000),
  /** After at least a second. */
  SLOW(1_000, 2_000),
  /** At once with a new token. */
  TOKEN(0, 500),
  NEVER(0, 500);

  private static final long LONGEST = 30_000;
  private static final int MOST_DOUBLINGS = 16;

  private final long least;
  private final long first;

  Comeback(long least, long first) {
    this.least = least;
    this.first = first;
  }

  /**
   * By a close code.
   *
   * @param status of a refused handshake, else 0
   */
  public static Comeback of(int code, int status) {
    return status == 0 ? ofCode(code) : ofStatus(status);
  }

  private static Comeback ofCode(int code) {
    return switch (code) {
      case 1000, 1002, 1003, 1007, 1009, 4403, 4503 -> NEVER;
      case 1001, 4408 -> NOW;
      case 1012 -> RESTART;
      case 1013, 4429 -> SLOW;
      case 4401 -> TOKEN;
      default -> JITTER;
    };
  }

  private static Comeback ofStatus(int status) {
    return switch (status) {
      case 401 -> TOKEN;
      case 403 -> NEVER;
      case 429, 503 -> SLOW;
      default -> JITTER;
    };
  }

  /**
   * Milliseconds to wait before the next try.
   *
   * @param tries those before that led to no lasting connection
   * @param random from 0 to 1
   */
  public long delay(int tries, double random) {
    if ((this == NOW || this == TOKEN) && tries == 0) {
      return 0;
    }
    long most = Math.min(LONGEST, first << Math.min(tries, MOST_DOUBLINGS));
    return least + Math.round(random * (most - least));
  }
}

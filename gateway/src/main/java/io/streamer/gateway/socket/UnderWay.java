package io.streamer.gateway.socket;

/**
 * How much of what one connection sent is not answered yet: beyond its bounds the socket is not
 * read. Its event loop owns it; the total is that of all the loop's sockets.
 */
final class UnderWay {
  static final int MOST_MESSAGES = 1_024;

  /** While the store is slow, each message waits for seconds. */
  static final long MOST_BYTES = 1024 * 1024;

  /**
   * What a message keeps besides its bytes until it is answered: what was read of it, its place in
   * a line, a thread. The smallest has 26 bytes of its own.
   */
  private static final int MESSAGE_BYTES = 1_024;

  /** What is read of a message takes up to so many times the room of its first 4 KB: its ids. */
  private static final int READ = 4;

  private static final int MOST_READ = 4 * 1_024;

  private final Total total;
  private int messages;
  private long bytes;
  private boolean full;
  private boolean over;

  /** What is under way of all sockets of an event loop, which owns it. */
  static final class Total {
    private final long most;
    private long bytes;

    /**
     * Nothing.
     *
     * @param most bytes; beyond them a socket is read again only when all of its own are answered;
     *     each message has what it {@link #kept keeps}
     */
    Total(long most) {
      this.most = most;
    }
  }

  UnderWay(Total total) {
    this.total = total;
  }

  /** A message came in; whether the socket must not be read from now on. */
  boolean begins(int length) {
    if (over) {
      return false;
    }
    messages++;
    bytes += length;
    total.bytes += kept(length);
    boolean before = full;
    // what was read before the pause took hold undoes nothing
    full |= isOver();
    return full && !before;
  }

  /** A message is answered; whether the socket is to be read again from now on. */
  boolean ends(int length) {
    total.bytes -= kept(length);
    if (over) {
      return false;
    }
    messages--;
    bytes -= length;
    boolean before = full;
    full &= isOver();
    return before && !full;
  }

  /** The connection has ended; what is left of its messages counts until it is done with. */
  void end() {
    over = true;
  }

  /** About what a message of so many bytes keeps until it is answered. */
  static long kept(int length) {
    return MESSAGE_BYTES + length + (long) READ * Math.min(length, MOST_READ);
  }

  private boolean isOver() {
    return messages >= MOST_MESSAGES
        || bytes >= MOST_BYTES
        || (messages > 0 && total.bytes >= total.most);
  }
}

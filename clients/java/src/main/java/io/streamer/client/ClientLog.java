package io.streamer.client;

/** Hears what a client does; never of tokens or payloads. Called on the client's own thread. */
@FunctionalInterface
public interface ClientLog {
  /** How much it matters. */
  enum Level {
    /** What only helps to find a fault of the client itself; nothing so far. */
    DEBUG,
    /** How the connection stands, whenever that changes. */
    INFO,
    /** A task of the client failed, and it went on. What listeners throw is not told here. */
    WARNING
  }

  /**
   * Takes one line. It must not block: what the client does waits for it.
   *
   * @param message a line without its end
   */
  void log(Level level, String message);
}

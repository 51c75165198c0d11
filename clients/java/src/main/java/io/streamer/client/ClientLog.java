package io.streamer.client;

/** Hears what a client does; never of tokens or payloads. Called on the client's own thread. */
@FunctionalInterface
public interface ClientLog {
  /** How much it matters. */
  enum Level {
    DEBUG,
    INFO,
    WARNING
  }

  void log(Level level, String message);
}

package io.streamer.client;

/** Gives the token of each connection. */
@FunctionalInterface
public interface TokenSource {
  /**
   * A token that holds now. It is asked before each connect, and when the last one was refused, on
   * a thread of its own.
   *
   * @throws Exception if there is none: the client tries again later
   */
  String token() throws Exception;
}

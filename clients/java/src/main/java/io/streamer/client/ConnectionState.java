package io.streamer.client;

import java.time.Instant;
import java.util.OptionalInt;

/** How a client's connection stands. */
public sealed interface ConnectionState {
  /** A handshake is under way; requests wait. */
  record Connecting() implements ConnectionState {}

  /**
   * Requests go out.
   *
   * @param session names the connection in the server's logs
   */
  record Open(String session) implements ConnectionState {}

  /**
   * It was lost.
   *
   * @param next when it is tried again, by this machine's clock
   * @param reason why it was lost, for people
   */
  record Waiting(Instant next, String reason) implements ConnectionState {}

  /**
   * It does not come back by itself.
   *
   * @param reason why it ended, for people
   * @param code the close code, where the server closed it; 1006 where it let nobody in
   * @param status of a refused handshake, such as 401
   */
  record Closed(String reason, OptionalInt code, OptionalInt status) implements ConnectionState {}
}

package io.streamer.emulator.apigateway;

import io.vertx.core.buffer.Buffer;

/**
 * Sees the messages of all connections as they go over the wire. It is called on the event loop and
 * must neither block nor throw.
 */
public interface Traffic {
  /** Nobody looks. */
  Traffic UNSEEN = new Traffic() {};

  /** A client has sent a message. */
  default void received(String connection, Buffer text) {}

  /** A message is written to a client. */
  default void sent(String connection, Buffer text) {}
}

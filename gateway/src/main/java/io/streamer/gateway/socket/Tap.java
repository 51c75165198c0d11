package io.streamer.gateway.socket;

/**
 * Looks on while the messages of direct sockets pass. A local stage shows them; a deployed gateway
 * has no tap, and its sockets' pipelines have nothing of one. It is called on the sockets' event
 * loops and must neither block nor throw.
 */
public interface Tap {
  /** Whether anybody looks on: asked for each message, and where nobody does, nothing is copied. */
  boolean isOpen();

  /**
   * A text message has come or is being written.
   *
   * @param connection its id
   * @param text the whole message in UTF-8; the tap's to keep
   */
  void passed(String connection, boolean fromClient, byte[] text);
}

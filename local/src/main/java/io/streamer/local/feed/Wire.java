package io.streamer.local.feed;

import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bytes of one direct socket, as messages. For the socket's own event loop. */
public final class Wire {
  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

  private final String connection;
  private final SocketText fromClient;
  private final SocketText toClient;

  /**
   * A socket that was opened.
   *
   * @param clock by which its messages are timed
   */
  public Wire(SocketMessages messages, InstantSource clock, String connection) {
    this.connection = connection;
    this.fromClient = text(messages, clock, true);
    this.toClient = text(messages, clock, false);
  }

  private SocketText text(SocketMessages messages, InstantSource clock, boolean ofClient) {
    return new SocketText(
        text -> messages.passed(new Message(clock.millis(), "direct", connection, ofClient, text)));
  }

  /** Bytes of an open WebSocket, as they pass. */
  public void bytes(boolean ofClient, Buffer bytes) {
    try {
      (ofClient ? fromClient : toClient).take(bytes);
    } catch (RuntimeException e) {
      // whoever looks on stands in nobody's way
      LOG.debug("bytes of {} are no frames", connection, e);
    }
  }
}

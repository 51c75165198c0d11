package io.streamer.local.feed;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's messages, and which jobs they are about: a request is known by its id until its
 * acknowledgment names the job. Remembers 200 requests. For the connection's own event loop.
 */
public final class Wire {
  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
  private static final int MOST_REQUESTS = 200;

  private final Feed feed;
  private final InstantSource clock;
  private final String door;
  private final String connection;
  private final SocketText fromClient = new SocketText(text -> text(true, text));
  private final SocketText toClient = new SocketText(text -> text(false, text));
  private final Map<String, Asked> asked = new LinkedHashMap<>();

  /** A request that was not acknowledged yet. */
  private record Asked(FrameHead head, Frame frame) {}

  /**
   * A connection.
   *
   * @param door {@code direct} or {@code api_gateway}
   */
  public Wire(Feed feed, InstantSource clock, String door, String connection) {
    this.feed = feed;
    this.clock = clock;
    this.door = door;
    this.connection = connection;
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

  /** A whole message. */
  public void text(boolean ofClient, Buffer message) {
    var utf8 = message.getBytes();
    FrameHead.read(utf8).ifPresent(head -> frame(ofClient, head, utf8));
  }

  private void frame(boolean ofClient, FrameHead head, byte[] utf8) {
    var text = new String(utf8, StandardCharsets.UTF_8);
    var frame =
        new Frame(
            clock.millis(),
            door,
            connection,
            ofClient,
            head.type(),
            text.length() > Frame.MOST_CHARS ? text.substring(0, Frame.MOST_CHARS) + "…" : text,
            utf8.length);
    if (ofClient && head.type().equals("request")) {
      head.id().ifPresent(id -> ask(id, new Asked(head, frame)));
      return;
    }
    head.jobId()
        .ifPresent(job -> {
          if (head.type().equals("acknowledgment")) {
            head.requestId()
                .flatMap(id -> Optional.ofNullable(asked.remove(id)))
                .ifPresent(request -> feed.passed(job, request.head(), request.frame()));
          }
          feed.passed(job, head, frame);
        });
  }

  private void ask(String id, Asked request) {
    asked.put(id, request);
    if (asked.size() > MOST_REQUESTS) {
      asked.remove(asked.keySet().iterator().next());
    }
  }
}

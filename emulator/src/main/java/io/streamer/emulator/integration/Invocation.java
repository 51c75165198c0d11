package io.streamer.emulator.integration;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * One event of a connection on its way to the backend.
 *
 * @param time epoch milliseconds
 * @param cause what $connect, $default or $disconnect alone know
 */
public record Invocation(ClientFacts peer, String requestId, long time, Cause cause) {

  /** Why the backend is called. */
  public sealed interface Cause {
    RouteKey route();

    /** What is sent as the body. */
    default Buffer body() {
      return Buffer.buffer();
    }

    /**
     * A handshake.
     *
     * @param query as in the URL, undecoded; empty without one
     */
    record Connect(MultiMap headers, String query) implements Cause {
      @Override
      public RouteKey route() {
        return RouteKey.CONNECT;
      }
    }

    /** A message. */
    record Message(String messageId, Buffer text) implements Cause {
      @Override
      public RouteKey route() {
        return RouteKey.DEFAULT;
      }

      @Override
      public Buffer body() {
        return text;
      }
    }

    /** The end of a connection. */
    record Disconnect() implements Cause {
      @Override
      public RouteKey route() {
        return RouteKey.DISCONNECT;
      }
    }
  }

  public RouteKey route() {
    return cause.route();
  }

  Optional<Cause.Connect> handshake() {
    return cause instanceof Cause.Connect connect ? Optional.of(connect) : Optional.empty();
  }

  /** A text frame that reports a problem, to the letter as AWS's. */
  public String problem(String message) {
    return "{\"message\": \"%s\", \"connectionId\":\"%s\", \"requestId\":\"%s\"}"
        .formatted(message, peer.connectionId(), requestId);
  }
}

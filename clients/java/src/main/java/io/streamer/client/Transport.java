package io.streamer.client;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * What carries a client's texts: the JDK's HTTP client unless another one is given. Each call
 * returns at once.
 */
public interface Transport {

  /**
   * Opens a WebSocket that offers the subprotocol {@code streamer.v1}.
   *
   * @param token goes into the header {@code Authorization}, behind {@code Bearer}
   * @param on is told from any thread, one call at a time
   */
  Socket open(URI url, String token, SocketListener on);

  /**
   * Gets what an address holds, without a token.
   *
   * @param mostBytes a longer body is cut off at one byte more
   * @return fails where there is no answer
   */
  CompletableFuture<Fetched> fetch(URI url, long mostBytes);

  /** A socket that is opening or open. */
  interface Socket {
    /** Sends a text; texts arrive in their order. */
    void send(String text);

    /**
     * The server takes no larger frame than this: from here on longer texts go in several.
     *
     * @return false, unless it is said otherwise, if a text goes in one frame whatever its length:
     *     then a longer one fails before it is sent
     */
    default boolean limitFrames(int bytes) {
      return false;
    }

    /** Closes it with 1000. Its listener is told nothing any more. */
    void close();
  }

  /** What becomes of a socket. */
  interface SocketListener {
    /** The handshake was answered with 101: texts may be sent. */
    void opened();

    /** A whole text has come, however many frames it took. */
    void text(String text);

    /** The handshake was answered with another status than 101. */
    void refused(int status, String body);

    /**
     * It has ended.
     *
     * @param code 1006 without a close frame
     */
    void closed(int code, String reason);
  }

  /** An answer to a fetch. */
  final class Fetched {
    private final int status;
    private final byte[] body;

    /**
     * An answer, whatever its status.
     *
     * @param body is copied
     */
    public Fetched(int status, byte[] body) {
      this.status = status;
      this.body = body.clone();
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** A copy of the body, cut off where {@link #fetch} was told to. */
    public byte[] body() {
      return body.clone();
    }
  }
}

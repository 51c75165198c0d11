package io.streamer.shared.job;

/**
 * The way to the connection that watches a job as its owner.
 *
 * @param endpoint an alias, {@code node:<id>} or {@code api:<name>}: never an address, so that a
 *     row cannot send frames anywhere else; behind {@link #CLOSING}, that of a connection which
 *     gets no more frames and is to be closed
 * @param expiresAt epoch seconds: the connection's own
 */
public record Route(String connection, String endpoint, long expiresAt) {
  /**
   * What stands before the alias of a connection that is to be closed, whatever there is to send
   * it: it has missed something, and its client is to come back and ask.
   */
  public static final String CLOSING = "closing:";

  /** The way to the same connection, which is to be closed from here on. */
  public Route closed() {
    return new Route(connection, CLOSING + endpoint, expiresAt);
  }

  /** Whether both lead to the same connection: until when it may live changes with its use. */
  public boolean sameConnection(Route other) {
    return connection.equals(other.connection()) && endpoint.equals(other.endpoint());
  }

  /** Whether the connection gets no more frames. */
  public boolean closing() {
    return endpoint.startsWith(CLOSING);
  }
}

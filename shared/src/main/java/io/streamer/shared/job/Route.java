package io.streamer.shared.job;

/**
 * The way to the connection that watches a job as its owner.
 *
 * @param endpoint an alias, {@code node:<id>} or {@code api:<name>}: never an address, so that a
 *     row cannot send frames anywhere else; behind {@link #CLOSING}, that of a connection which
 *     gets no more frames and is to be closed
 * @param expiresAt epoch seconds: from then on the connection's token does not hold
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

  /** The way to the connection of a token that holds until then, in epoch milliseconds. */
  public static Route of(String connection, String endpoint, long tokenExpiresAt) {
    return new Route(connection, endpoint, Math.ceilDiv(tokenExpiresAt, 1_000));
  }

  /**
   * The way as it is at a time, in epoch milliseconds: with its token a connection ends, though
   * whoever holds its socket may not know. Its client comes back with another one and asks.
   */
  public Route at(long now) {
    return expired(now) && !closing() ? closed() : this;
  }

  /** Whether the connection's token holds no more. */
  public boolean expired(long now) {
    return expiresAt <= Math.floorDiv(now, 1_000);
  }

  /** Whether both lead to the same connection: until when it may live changes with its use. */
  public boolean sameConnection(Route other) {
    return connection.equals(other.connection()) && endpoint.equals(other.endpoint());
  }

  /** Whether the connection gets no more frames, whatever its token. */
  public boolean closing() {
    return endpoint.startsWith(CLOSING);
  }
}

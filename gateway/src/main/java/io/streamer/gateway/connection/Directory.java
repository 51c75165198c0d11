package io.streamer.gateway.connection;

import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.store.ConnectionCalls;
import io.streamer.shared.store.ConnectionRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and ends connections: in this task's {@link Registry}, and as rows for all tasks to see.
 * The table being away keeps nobody out: rows are for finding connections, not for serving them.
 */
public final class Directory {
  private static final Logger LOG = LoggerFactory.getLogger(Directory.class);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(1);
  private static final long TOUCH_EVERY_MS = 60_000;

  private final Vertx vertx;
  private final Registry registry;
  private final ConnectionCalls calls;
  private final VertxDynamo dynamo;
  private final Farewell farewell;
  private final Duration ttl;
  private final Terms terms;
  private final InstantSource clock;
  private final Map<String, Long> writtenAt = new ConcurrentHashMap<>();

  public Directory(
      Vertx vertx,
      Registry registry,
      ConnectionCalls calls,
      VertxDynamo dynamo,
      Farewell farewell,
      Duration ttl,
      Terms terms,
      InstantSource clock) {
    this.vertx = vertx;
    this.registry = registry;
    this.calls = calls;
    this.dynamo = dynamo;
    this.farewell = farewell;
    this.ttl = ttl;
    this.terms = terms;
    this.clock = clock;
  }

  /** Writes the row of a connection about to open; done within a second, written or not. */
  public Future<Void> announce(SocketSession.Opening opening) {
    long now = clock.millis();
    var row =
        new ConnectionRow(
            opening.connectionId(),
            opening.caller().tenant(),
            opening.caller().user(),
            opening.caller().permissions(),
            opening.route().endpoint(),
            opening.sourceAddress(),
            opening.userAgent(),
            now,
            now,
            opening.tokenExpiresAt(),
            expiry(now));
    writtenAt.put(opening.connectionId(), now);
    return dynamo
        .execute(calls.put(row))
        .timeout(WRITE_LIMIT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
        .onFailure(e -> LOG.warn("connection {} has no row: {}", row.id(), e.toString()))
        .otherwiseEmpty()
        .mapEmpty();
  }

  /** The socket of an announced connection is open. */
  public SocketSession opened(
      SocketSession.Opening opening, io.vertx.core.http.ServerWebSocket socket) {
    var session = new SocketSession(opening, terms, socket, vertx.getOrCreateContext(), clock);
    registry.add(session);
    LOG.debug(
        "connection {} of {} is {}",
        session.id(),
        opening.caller().tenant(),
        ConnectionState.CONNECTED);
    return session;
  }

  /** The socket is closed, or never opened. */
  public Future<Void> closed(String connectionId) {
    registry.find(connectionId).ifPresent(registry::remove);
    LOG.debug("connection {} is {}", connectionId, ConnectionState.CLOSED);
    writtenAt.remove(connectionId);
    return farewell.say(connectionId);
  }

  /** Writes when the connection was last seen: at most once a minute, and only if it was. */
  void touch(SocketSession session) {
    long seen = session.lastSeenAt();
    var written = writtenAt.get(session.id());
    if (written == null || clock.millis() - written < TOUCH_EVERY_MS || seen <= written) {
      return;
    }
    writtenAt.replace(session.id(), clock.millis());
    dynamo
        .execute(calls.touch(session.id(), seen, expiry(seen)))
        .onFailure(e -> LOG.debug("connection {} not touched: {}", session.id(), e.toString()));
  }

  private long expiry(long from) {
    return from / 1000 + ttl.toSeconds();
  }
}

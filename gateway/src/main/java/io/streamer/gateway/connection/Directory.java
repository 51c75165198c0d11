package io.streamer.gateway.connection;

import io.streamer.gateway.store.Lanes;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.store.ConnectionCalls;
import io.streamer.shared.store.ConnectionRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and ends connections: in this task's {@link Registry}, and as rows for all tasks to see.
 * The table being away keeps nobody out: rows are for finding connections, not for serving them.
 */
public final class Directory {
  private static final Logger LOG = LoggerFactory.getLogger(Directory.class);
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(1);

  /** For a connection that is used. */
  private static final long TOUCH_EVERY_MS = 60_000;

  /** For one that only answers pings: its row must not expire. */
  private static final long KEEP_EVERY_MS = 3_600_000;

  private final Vertx vertx;
  private final Registry registry;
  private final ConnectionCalls calls;
  private final VertxDynamo dynamo;
  private final Lanes lanes;
  private final Farewell farewell;
  private final Duration ttl;
  private final Terms terms;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Map<String, Long> writtenAt = new ConcurrentHashMap<>();
  private final Set<String> toBeWritten = ConcurrentHashMap.newKeySet();

  public Directory(
      Vertx vertx,
      Registry registry,
      ConnectionCalls calls,
      VertxDynamo dynamo,
      Lanes lanes,
      Farewell farewell,
      Duration ttl,
      Terms terms,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.registry = registry;
    this.calls = calls;
    this.dynamo = dynamo;
    this.lanes = lanes;
    this.farewell = farewell;
    this.ttl = ttl;
    this.terms = terms;
    this.clock = clock;
    this.nanoTime = nanoTime;
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
    var session =
        new SocketSession(
            opening,
            terms,
            socket,
            vertx.getOrCreateContext(),
            registry.budget(),
            registry.signals(),
            clock,
            nanoTime);
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
    registry.remove(connectionId);
    LOG.debug("connection {} is {}", connectionId, ConnectionState.CLOSED);
    writtenAt.remove(connectionId);
    return farewell.say(connectionId);
  }

  /** Sees to it that the row tells when the connection was last seen, and outlives it. */
  void touch(SocketSession session) {
    var id = session.id();
    var written = writtenAt.get(id);
    if (written == null || clock.millis() - written < pause(session, written)) {
      return;
    }
    // while the table is slow it waits its turn once
    if (toBeWritten.add(id)) {
      lanes
          .enter(() -> write(session))
          .onComplete(_ -> toBeWritten.remove(id))
          .onFailure(e -> LOG.debug("connection {} not touched: {}", id, e.toString()));
    }
  }

  private long pause(SocketSession session, long written) {
    boolean used = session.lastSeenAt() > written;
    if (!used && session.heardAt() <= written) {
      return Long.MAX_VALUE;
    }
    // two more can fail before it expires
    return Math.min(used ? TOUCH_EVERY_MS : KEEP_EVERY_MS, ttl.toMillis() / 3);
  }

  private Future<Void> write(SocketSession session) {
    // it may have closed meanwhile
    if (writtenAt.replace(session.id(), clock.millis()) == null) {
      return Future.succeededFuture();
    }
    long seen = session.lastSeenAt();
    return dynamo
        .execute(calls.touch(session.id(), seen, expiry(Math.max(seen, session.heardAt()))))
        .mapEmpty();
  }

  private long expiry(long from) {
    return from / 1000 + ttl.toSeconds();
  }
}

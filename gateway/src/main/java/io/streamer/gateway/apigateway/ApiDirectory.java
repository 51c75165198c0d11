package io.streamer.gateway.apigateway;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.Liveness;
import io.streamer.gateway.store.Lookup;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.Caller;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.log.About;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that API Gateway holds. Their rows are the truth, so that any task serves any of
 * them. This task remembers what it has read and looks again after a minute; while the store is
 * away it goes by what it remembers.
 */
final class ApiDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ApiDirectory.class);
  private static final Duration FRESH = Duration.ofMinutes(1);
  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 50_000;

  /** A heartbeat that goes through API Gateway comes every four minutes, and a write costs. */
  private static final long TOUCH_EVERY_MS = 900_000;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final ConnectionCalls calls;
  private final ConnectionCleanup farewell;
  private final Duration ttl;
  private final InstantSource clock;
  private final AsyncLoadingCache<String, Lookup<Optional<Known>>> remembered;

  ApiDirectory(
      Vertx vertx,
      VertxDynamo dynamo,
      ConnectionCalls calls,
      ConnectionCleanup farewell,
      Duration ttl,
      InstantSource clock) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.calls = calls;
    this.farewell = farewell;
    this.ttl = ttl;
    this.clock = clock;
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .refreshAfterWrite(FRESH)
            .expireAfter(
                Expiry.<String, Lookup<Optional<Known>>>writing(
                    (_, it) -> it instanceof Lookup.Failed ? Duration.ZERO : REMEMBERED))
            .buildAsync(
                new AsyncCacheLoader<>() {
                  @Override
                  public CompletableFuture<Lookup<Optional<Known>>> asyncLoad(
                      String id, Executor executor) {
                    return Lookup.of(read(id));
                  }

                  @Override
                  public CompletableFuture<Lookup<Optional<Known>>> asyncReload(
                      String id, Lookup<Optional<Known>> before, Executor executor) {
                    return Lookup.of(read(id))
                        .thenApply(it -> it instanceof Lookup.Failed ? before : it);
                  }
                });
  }

  /** A connection as its row says. */
  static final class Known {
    private final ConnectionRow row;
    private final Caller caller;
    private final AtomicLong writtenAt;

    Known(ConnectionRow row) {
      this.row = row;
      this.caller = new Caller(row.tenant(), row.user(), row.permissions());
      this.writtenAt = new AtomicLong(row.lastSeenAt());
    }

    ConnectionRow row() {
      return row;
    }

    Caller caller() {
      return caller;
    }
  }

  /** Writes a connection's row; fails if it could not be written. */
  Future<Void> open(ConnectionRow row) {
    return dynamo
        .execute(calls.put(row))
        .onSuccess(_ -> {
          About.connectionOf(row.tenant(), row.id())
              .in(LOG.atDebug())
              .log("connection {} of {} is {}", row.id(), row.tenant(), Liveness.CONNECTED);
          remembered.put(
              row.id(),
              CompletableFuture.completedFuture(new Lookup.Found<>(Optional.of(new Known(row)))));
        })
        .mapEmpty();
  }

  /** The connection, unless it has ended or never began; fails while the store is away. */
  Future<Optional<Known>> find(String id) {
    // messages that come at once share one read
    var asked = remembered.get(id);
    return Lookup.answer(asked, vertx.getOrCreateContext())
        .onSuccess(known -> {
          if (known.isEmpty()) {
            remembered.asMap().remove(id, asked);
          }
        });
  }

  private Future<Optional<Known>> read(String id) {
    return dynamo.execute(calls.find(id)).map(row -> row.map(Known::new));
  }

  /** Notes that the connection was heard of: written every quarter of an hour at most. */
  void seen(Known known) {
    long now = clock.millis();
    long before = known.writtenAt.get();
    // two more can fail before the row expires
    if (now - before < Math.min(TOUCH_EVERY_MS, ttl.toMillis() / 3)
        || !known.writtenAt.compareAndSet(before, now)) {
      return;
    }
    var row = known.row();
    dynamo
        .execute(calls.touch(row.id(), now, expiry(now, row.tokenExpiresAt())))
        .onFailure(e ->
            About.connectionOf(row.tenant(), row.id())
                .in(LOG.atDebug())
                .log("connection {} not touched: {}", row.id(), e.toString()));
  }

  /** The connection has ended. */
  Future<Void> closed(String id) {
    remembered.asMap().remove(id);
    About.connectionOf(null, id).in(LOG.atDebug()).log("connection {} is {}", id, Liveness.CLOSED);
    return farewell.say(id);
  }

  /**
   * When a row may go, in epoch seconds: without activity for its TTL, or with its token.
   *
   * @param tokenExpiresAt epoch milliseconds
   */
  long expiry(long now, long tokenExpiresAt) {
    return Math.min(now / 1_000 + ttl.toSeconds(), Math.ceilDiv(tokenExpiresAt, 1_000));
  }
}

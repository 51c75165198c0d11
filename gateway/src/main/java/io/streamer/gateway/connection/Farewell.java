package io.streamer.gateway.connection;

import io.streamer.gateway.store.Lanes;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.store.ConnectionCalls;
import io.streamer.shared.store.SubscriptionCalls;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what a connection leaves in the tables: its row and its subscriptions. Best effort:
 * what stays is found to be gone by whoever sends to it, or goes with its TTL. All of a task's
 * connections may end at once: they take turns.
 */
public final class Farewell {
  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
  private static final int MOST_SUBSCRIPTIONS = 1_000;

  private final Lanes lanes;
  private final VertxDynamo dynamo;
  private final ConnectionCalls connections;
  private final SubscriptionCalls subscriptions;
  private final Function<String, Future<Void>> left;

  // both on the lanes' context
  private int underWay;
  private int failed;

  /**
   * A farewell.
   *
   * @param left takes the id of each connection that has ended; what it does is waited for
   */
  public Farewell(
      Lanes lanes,
      VertxDynamo dynamo,
      ConnectionCalls connections,
      SubscriptionCalls subscriptions,
      Function<String, Future<Void>> left) {
    this.lanes = lanes;
    this.dynamo = dynamo;
    this.connections = connections;
    this.subscriptions = subscriptions;
    this.left = left;
  }

  /** Done when everything is gone, or cannot be taken away now; never fails. */
  public Future<Void> say(String connectionId) {
    return lanes.enter(() -> goodbye(connectionId)).otherwiseEmpty();
  }

  /** Done when all that was said is done, or the time is over. */
  public Future<Void> finish(Duration limit) {
    return lanes.empty().timeout(limit.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private Future<Void> goodbye(String connectionId) {
    underWay++;
    return left.apply(connectionId)
        .transform(_ -> row(connectionId))
        .transform(removed ->
            subscriptions(connectionId)
                .transform(unsubscribed -> {
                  if (removed.failed() || unsubscribed.failed()) {
                    stays(removed.failed() ? removed.cause() : unsubscribed.cause());
                  }
                  over();
                  return Future.succeededFuture();
                }));
  }

  private Future<Void> row(String connectionId) {
    return dynamo.execute(connections.delete(connectionId)).mapEmpty();
  }

  private Future<Void> subscriptions(String connectionId) {
    return dynamo
        .execute(subscriptions.byConnection(connectionId))
        .compose(topics ->
            unsubscribe(connectionId, topics.stream().limit(MOST_SUBSCRIPTIONS).iterator()));
  }

  /** One after the other: many connections may leave at once. */
  private Future<Void> unsubscribe(String connectionId, Iterator<String> topics) {
    return topics.hasNext()
        ? dynamo
            .execute(subscriptions.delete(topics.next(), connectionId))
            .compose(_ -> unsubscribe(connectionId, topics))
        : Future.succeededFuture();
  }

  /** While the table is away it is so for all that leave: the first is told, then how many. */
  private void stays(Throwable why) {
    failed++;
    if (failed == 1) {
      LOG.warn("what a connection leaves in the tables stays until its TTL: {}", why.toString());
    }
  }

  private void over() {
    underWay--;
    if (underWay == 0) {
      if (failed > 1) {
        LOG.warn("what {} connections left in the tables stays until its TTL", failed);
      }
      failed = 0;
    }
  }
}

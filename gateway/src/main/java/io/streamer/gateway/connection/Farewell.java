package io.streamer.gateway.connection;

import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.store.ConnectionCalls;
import io.streamer.shared.store.SubscriptionCalls;
import io.vertx.core.Future;
import java.util.Iterator;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what a connection leaves in the tables: its row and its subscriptions. Best effort:
 * what stays is found to be gone by whoever sends to it, or goes with its TTL.
 */
public final class Farewell {
  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
  private static final int MOST_SUBSCRIPTIONS = 1_000;

  private final VertxDynamo dynamo;
  private final ConnectionCalls connections;
  private final SubscriptionCalls subscriptions;
  private final Consumer<String> left;

  /**
   * A farewell.
   *
   * @param left takes the id of each connection that has ended
   */
  public Farewell(
      VertxDynamo dynamo,
      ConnectionCalls connections,
      SubscriptionCalls subscriptions,
      Consumer<String> left) {
    this.dynamo = dynamo;
    this.connections = connections;
    this.subscriptions = subscriptions;
    this.left = left;
  }

  /** Done when everything is gone, or cannot be taken away now. */
  public Future<Void> say(String connectionId) {
    left.accept(connectionId);
    return Future.join(row(connectionId), subscriptions(connectionId)).mapEmpty();
  }

  private Future<Void> row(String connectionId) {
    return dynamo
        .execute(connections.delete(connectionId))
        .onFailure(e -> LOG.warn("row of {} stays until its TTL: {}", connectionId, e.toString()))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private Future<Void> subscriptions(String connectionId) {
    return dynamo
        .execute(subscriptions.byConnection(connectionId))
        .compose(topics ->
            unsubscribe(connectionId, topics.stream().limit(MOST_SUBSCRIPTIONS).iterator()))
        .onFailure(e ->
            LOG.warn("subscriptions of {} stay until their TTL: {}", connectionId, e.toString()))
        .otherwiseEmpty();
  }

  /** One after the other: many connections may leave at once. */
  private Future<Void> unsubscribe(String connectionId, Iterator<String> topics) {
    return topics.hasNext()
        ? dynamo
            .execute(subscriptions.delete(topics.next(), connectionId))
            .compose(_ -> unsubscribe(connectionId, topics))
        : Future.succeededFuture();
  }
}

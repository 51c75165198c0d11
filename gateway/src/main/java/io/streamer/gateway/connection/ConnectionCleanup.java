package io.streamer.gateway.connection;

import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.log.Seldom;
import io.streamer.shared.store.SubscriptionCalls;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * Sees to what a connection leaves: its jobs, its row and its subscriptions. Each has a way of its
 * own, and none waits for another. Best effort: the dispatcher finds jobs that nobody owns; what
 * stays in the tables is found to be gone by whoever sends to it, or goes with its TTL. All of a
 * task's connections may end at once: they take turns.
 */
public final class ConnectionCleanup {
  private static final int MOST_SUBSCRIPTIONS = 1_000;

  private final ConnectionRows rows;
  private final Limiter departures;
  private final Function<String, Future<Void>> left;
  private final Limiter lanes;
  private final VertxDynamo dynamo;
  private final SubscriptionCalls subscriptions;
  private final Seldom seldom;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * A farewell.
   *
   * @param departures do what is
   * @param left : it takes the id of each connection that has ended
   * @param lanes for subscriptions
   */
  public ConnectionCleanup(
      ConnectionRows rows,
      Limiter departures,
      Function<String, Future<Void>> left,
      Limiter lanes,
      VertxDynamo dynamo,
      SubscriptionCalls subscriptions,
      InstantSource clock) {
    this.rows = rows;
    this.departures = departures;
    this.left = left;
    this.lanes = lanes;
    this.dynamo = dynamo;
    this.subscriptions = subscriptions;
    this.seldom = new Seldom(LoggerFactory.getLogger(ConnectionCleanup.class), clock);
  }

  /** How many connections have ended and left something. On any thread. */
  int waiting() {
    return waiting.get();
  }

  /**
   * A connection of this task has ended. On its event loop.
   *
   * @return done when everything is gone, or cannot be taken away now; never fails
   */
  public Future<Void> say(SocketSession session) {
    // a client that asked for no job has none, and subscribes to none
    return say(session.id(), rows.takeAway(session), session.hadJobs());
  }

  /** The same of a connection that others hold. */
  public Future<Void> say(String connectionId) {
    return say(connectionId, rows.takeAway(connectionId), true);
  }

  private Future<Void> say(String connectionId, Future<Void> row, boolean hadJobs) {
    waiting.incrementAndGet();
    var jobs = hadJobs ? jobs(connectionId) : Future.<Void>succeededFuture();
    return Future.join(row, jobs)
        .onComplete(_ -> waiting.decrementAndGet())
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private Future<Void> jobs(String connectionId) {
    var jobs =
        departures
            .enter(() -> left.apply(connectionId))
            .onFailure(e -> seldom.warn("jobs whose owner left are looked at later", e.toString()));
    var topics =
        lanes
            .enter(() -> subscriptions(connectionId))
            .onFailure(
                e -> seldom.warn("subscriptions of a connection that ended stay", e.toString()));
    return Future.join(jobs, topics).mapEmpty();
  }

  /** Done when all that was said is done, or the time is over. */
  public Future<Void> finish(Duration limit) {
    return Future.join(rows.finish(), departures.empty(), lanes.empty())
        .<Void>mapEmpty()
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
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
}

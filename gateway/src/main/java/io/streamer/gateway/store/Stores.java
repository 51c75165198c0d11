package io.streamer.gateway.store;

import io.streamer.gateway.signal.Meters;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Ownership;
import io.streamer.shared.store.StoreSettings;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.due.DueCalls;
import io.streamer.shared.store.event.EventCalls;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/** What is stored, and the way there. */
public record Stores(
    StoreTransport transport,
    VertxDynamo dynamo,
    JobCalls jobs,
    DueCalls dues,
    EventCalls events,
    SubscriptionCalls subscriptions,
    Ownership ownership,
    ConnectionCalls connections,
    NodeCalls nodes)
    implements AutoCloseable {

  /**
   * The stores of a task.
   *
   * @param transport is closed with them
   */
  public static Stores of(
      Vertx vertx,
      StoreTransport transport,
      StoreSettings settings,
      Meters meters,
      InstantSource clock) {
    var tables = settings.tables();
    var limits = settings.limits();
    return new Stores(
        transport,
        new VertxDynamo(vertx, transport, meters.timer(Metric.STORE_WAIT)),
        new JobCalls(tables, limits, clock),
        new DueCalls(tables, limits, clock),
        new EventCalls(tables),
        new SubscriptionCalls(tables, limits, clock),
        new Ownership(tables, limits, clock),
        new ConnectionCalls(tables, clock),
        new NodeCalls(tables, clock));
  }

  @Override
  public void close() {
    transport.close();
  }
}

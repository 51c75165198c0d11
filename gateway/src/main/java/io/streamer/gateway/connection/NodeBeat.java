package io.streamer.gateway.connection;

import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.store.NodeCalls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every ten seconds that this task is alive and where its sockets can be reached. */
public final class NodeBeat {
  private static final Logger LOG = LoggerFactory.getLogger(NodeBeat.class);
  private static final long EVERY_MS = 10_000;

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final NodeCalls nodes;
  private final String nodeId;
  private final String address;
  private final InstantSource clock;
  private long timer;

  /**
   * A beat.
   *
   * @param address host and port of this task's {@code @connections} API
   */
  public NodeBeat(
      Vertx vertx,
      VertxDynamo dynamo,
      NodeCalls nodes,
      String nodeId,
      String address,
      InstantSource clock) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.nodes = nodes;
    this.nodeId = nodeId;
    this.address = address;
    this.clock = clock;
  }

  /** Done when the first beat is written; without it no job could find its way back here. */
  public Future<Void> start() {
    return beat().onSuccess(_ -> timer = vertx.setPeriodic(EVERY_MS, _ -> beat()));
  }

  public Future<Void> stop() {
    vertx.cancelTimer(timer);
    return dynamo.execute(nodes.remove(nodeId)).<Void>mapEmpty().otherwiseEmpty();
  }

  private Future<Void> beat() {
    return dynamo
        .execute(nodes.beat(new NodeCalls.Node(nodeId, address, clock.millis())))
        .onFailure(e -> LOG.warn("this task's heartbeat was not written: {}", e.toString()))
        .mapEmpty();
  }
}

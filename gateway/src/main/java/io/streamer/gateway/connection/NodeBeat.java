package io.streamer.gateway.connection;

import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.directory.NodeCalls.Node;
import io.streamer.shared.store.due.DueShards;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at regular times that this task is alive and where its sockets can be reached, and sees
 * which others are.
 */
public final class NodeBeat {
  private static final Logger LOG = LoggerFactory.getLogger(NodeBeat.class);

  private final Vertx vertx;
  private final VertxDynamo dynamo;
  private final NodeCalls nodes;
  private final String nodeId;
  private final Duration every;
  private final InstantSource clock;
  private volatile String address = "";
  private volatile Set<Integer> shards = Set.of();
  private volatile boolean leaving;
  private long timer;

  /** A beat that has not begun. */
  public NodeBeat(
      Vertx vertx,
      VertxDynamo dynamo,
      NodeCalls nodes,
      String nodeId,
      Duration every,
      InstantSource clock) {
    this.vertx = vertx;
    this.dynamo = dynamo;
    this.nodes = nodes;
    this.nodeId = nodeId;
    this.every = every;
    this.clock = clock;
  }

  /**
   * Begins; done when the first beat is written: without it no job could find its way back here.
   *
   * @param at host and port of this task's {@code @connections} API
   */
  public Future<Void> start(String at) {
    address = at;
    // the process's first call to the tables may be slow
    return beat()
        .recover(_ -> beat())
        .compose(_ -> look())
        .onSuccess(_ ->
            timer =
                vertx.setPeriodic(
                    every.toMillis(), _ -> beat().otherwiseEmpty().compose(_ -> look())));
  }

  /** The parts of {@code due} that this task looks after, as far as it knows of the others. */
  public Set<Integer> shards() {
    return leaving ? Set.of() : shards;
  }

  /**
   * Gives what this task looks after to the others. Its sockets can still be reached: pushes would
   * take them for gone if its row went before they do.
   */
  public Future<Void> leave() {
    leaving = true;
    return beat().otherwiseEmpty();
  }

  /** Beats no more; its row stays, as that of a task that has died. */
  public void halt() {
    vertx.cancelTimer(timer);
  }

  public Future<Void> stop() {
    halt();
    return dynamo.execute(nodes.remove(nodeId)).<Void>mapEmpty().otherwiseEmpty();
  }

  private Future<Void> beat() {
    return dynamo
        .execute(nodes.beat(new Node(nodeId, address, clock.millis(), every, leaving)))
        .onFailure(e -> LOG.warn("this task's heartbeat was not written: {}", e.toString()))
        .mapEmpty();
  }

  /** Sees which others are there; keeps the last view while the table is away. */
  public Future<Void> look() {
    return dynamo
        .execute(nodes.live(every))
        .onSuccess(live -> shards = mine(live))
        .onFailure(e -> LOG.warn("the other tasks cannot be seen: {}", e.toString()))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private Set<Integer> mine(List<Node> live) {
    return DueShards.of(nodeId, live.stream().map(Node::id).toList());
  }
}

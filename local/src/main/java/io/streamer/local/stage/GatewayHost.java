package io.streamer.local.stage;

import static io.streamer.local.stage.StageParts.await;

import io.streamer.emulator.aws.GrowingPauses;
import io.streamer.emulator.fault.Role;
import io.streamer.emulator.fault.Sender;
import io.streamer.gateway.Gateway;
import io.streamer.gateway.GatewaySettings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the stage's gateway runs: one at a time, each as a process of its own would, on a Vert.x of
 * its own. One that is killed is shut off from all around it, and another takes its place; as ECS
 * does it with a task, one that cannot start is followed by the next, until one does.
 */
final class GatewayHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayHost.class);

  /** A gateway may be killed while it starts, too. */
  private static final int MOST_STARTS = 10;

  // ECS tells no curve; short ones keep a developer's failures quick
  private static final GrowingPauses PAUSES =
      new GrowingPauses(Duration.ofMillis(100), Duration.ofSeconds(5));

  /** Starts a gateway with these settings; what it says reaches the stage while it lives. */
  interface Start {
    Gateway gateway(Vertx vertx, GatewaySettings settings, Sender sender);
  }

  private record Node(Sender sender, Vertx vertx, PushDoor pushes, Gateway gateway) {}

  private final Vertx vertx;
  private final Cloud cloud;
  private final Map<String, String> settings;
  private final DirectDoor door;
  private final Start start;

  // all under this object's lock
  private Node node;
  private Optional<CompletableFuture<Void>> replacing = Optional.empty();
  private boolean closed;

  private static final class KilledEachTimeException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    KilledEachTimeException() {
      super(
          "each of "
              + MOST_STARTS
              + " gateways was killed while it started: no rule should kill at every write");
    }
  }

  /** Starts the first gateway. */
  GatewayHost(
      Vertx vertx, Cloud cloud, Map<String, String> settings, DirectDoor door, Start start) {
    this.vertx = vertx;
    this.cloud = cloud;
    this.settings = settings;
    this.door = door;
    this.start = start;
    this.node = open();
    door.to(node.gateway().port());
  }

  /** The one that runs; the dead one until the next runs. */
  synchronized Gateway gateway() {
    return node.gateway();
  }

  /** Kills the one that runs and waits until the next takes sockets. */
  void kill() {
    Sender current;
    synchronized (this) {
      current = node.sender();
    }
    await(kill(current));
  }

  /** Kills this one, at once; done when the next takes sockets. */
  synchronized CompletableFuture<Void> kill(Sender sender) {
    CompletableFuture<?> _ = sender.kill();
    if (!sender.equals(node.sender()) || closed) {
      // still starting: that fails by itself and is tried again
      return replacing.orElseGet(() -> CompletableFuture.completedFuture(null));
    }
    if (replacing.isEmpty()) {
      door.shut();
      var dead = node;
      replacing =
          Optional.of(
              CompletableFuture.runAsync(
                  () -> replace(dead),
                  task -> Thread.ofVirtual().name("gateway-restart").start(task)));
    }
    return replacing.get();
  }

  /** Has the one that runs look after due jobs; if it is killed meanwhile, the next one. */
  void runDue() {
    while (true) {
      var asked = gatewayNode();
      try {
        await(asked.gateway().runDue());
        return;
      } catch (RuntimeException e) {
        if (asked.sender().alive()) {
          throw e;
        }
        await(kill(asked.sender()));
      }
    }
  }

  @Override
  public void close() {
    Optional<CompletableFuture<Void>> last;
    synchronized (this) {
      closed = true;
      last = replacing;
      notifyAll();
    }
    last.ifPresent(it -> await(it.exceptionally(_ -> null)));
    var end = gatewayNode();
    if (!end.sender().alive()) {
      return;
    }
    try {
      await(end.gateway().stopAlone());
    } finally {
      await(end.pushes().close().eventually(() -> end.vertx().close()));
    }
  }

  private synchronized Node gatewayNode() {
    return node;
  }

  private void replace(Node dead) {
    bury(dead.pushes(), dead.vertx(), Optional.of(dead.gateway()));
    var fresh = opened();
    synchronized (this) {
      node = fresh;
      replacing = Optional.empty();
      door.to(fresh.gateway().port());
    }
    if (!fresh.sender().alive()) {
      // killed between its start and its place here
      CompletableFuture<Void> _ = kill(fresh.sender());
    }
  }

  /** The next one that starts. */
  private Node opened() {
    for (int failed = 1; ; failed++) {
      try {
        return open();
      } catch (KilledEachTimeException e) {
        LOG.error("the stage has no gateway any more", e);
        throw e;
      } catch (RuntimeException e) {
        LOG.warn("a gateway could not start, another one is tried", e);
      }
      pause(PAUSES.after(failed));
    }
  }

  /** Until the time is over or the stage ends. */
  private synchronized void pause(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    try {
      while (!closed) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a restart was interrupted", e);
    }
    throw new IllegalStateException("the stage ends");
  }

  private Node open() {
    for (int left = MOST_STARTS; ; left--) {
      var sender = cloud.senders().join(Role.GATEWAY);
      try {
        var fresh = open(sender);
        if (sender.alive()) {
          return fresh;
        }
        bury(fresh.pushes(), fresh.vertx(), Optional.of(fresh.gateway()));
      } catch (RuntimeException e) {
        if (sender.alive()) {
          throw e;
        }
      }
      if (left == 1) {
        throw new KilledEachTimeException();
      }
      LOG.debug("{} was killed while it started", sender);
    }
  }

  private Node open(Sender sender) {
    var pushes = await(PushDoor.start(vertx, cloud.senders(), cloud.faults()));
    var own = new HashMap<>(settings);
    own.put("STREAMER_PORT", Integer.toString(door.gatewayPort()));
    own.put("STREAMER_INTERNAL_ADDRESS", pushes.address());
    var apart = Vertx.vertx(Stage.withoutFiles());
    try {
      var environment = StageSettings.of(own, sender);
      var gateway = start.gateway(apart, GatewaySettings.read(environment), sender);
      pushes.to(gateway.internalPort());
      return new Node(sender, apart, pushes, gateway);
    } catch (Throwable e) {
      bury(pushes, apart, Optional.empty());
      throw e;
    }
  }

  /** Nothing of it is to be waited for. */
  private static void bury(PushDoor pushes, Vertx vertx, Optional<Gateway> gateway) {
    var _ = pushes.close();
    var halted = gateway.map(Gateway::halt).orElseGet(io.vertx.core.Future::succeededFuture);
    var _ =
        halted
            .eventually(vertx::close)
            .onFailure(e -> LOG.debug("a dead gateway does not lie still", e));
  }
}

package io.streamer.gateway;

import io.streamer.gateway.socket.Listener;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** The task's own verticles: they end with it, while the Vert.x they run on may go on. */
final class Deployments {
  private final Vertx vertx;
  private final Queue<String> ids = new ConcurrentLinkedQueue<>();
  private int random;

  Deployments(Vertx vertx) {
    this.vertx = vertx;
  }

  Future<Void> add(Deployable verticle) {
    return add(() -> verticle, new DeploymentOptions());
  }

  Future<Void> add(Supplier<? extends Deployable> verticle, DeploymentOptions options) {
    return vertx.deployVerticle(verticle, options).onSuccess(ids::add).mapEmpty();
  }

  /**
   * One instance an event loop; the others share the port that the first one got.
   *
   * @param door makes one for a port
   */
  Future<Integer> listen(IntFunction<? extends Listener> door, int port) {
    // Vert.x shares a random port among servers that ask for the same negative one
    var shared = port == 0 ? --random : port;
    var first = door.apply(shared);
    int others = Runtime.getRuntime().availableProcessors() - 1;
    return add(first)
        .compose(_ -> {
          var taken = first.actualPort();
          return others == 0
              ? Future.succeededFuture(taken)
              : add(
                      () -> door.apply(shared),
                      new DeploymentOptions()
                          .setThreadingModel(ThreadingModel.EVENT_LOOP)
                          .setInstances(others))
                  .map(taken);
        });
  }

  /** As many instances as there may be event loops at work. */
  Future<Void> everywhere(Supplier<? extends Deployable> verticle) {
    return add(
        verticle, new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
  }

  /** Ends all; done when none listens any more. */
  Future<Void> end() {
    var ended = ids.stream().map(vertx::undeploy).toList();
    ids.clear();
    return Future.join(ended).mapEmpty();
  }
}

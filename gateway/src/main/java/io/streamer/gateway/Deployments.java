package io.streamer.gateway;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** The task's own verticles: they end with it, while the Vert.x they run on may go on. */
final class Deployments {
  private final Vertx vertx;
  private final Queue<String> ids = new ConcurrentLinkedQueue<>();

  Deployments(Vertx vertx) {
    this.vertx = vertx;
  }

  Future<Void> add(Deployable verticle) {
    return add(() -> verticle, new DeploymentOptions());
  }

  Future<Void> add(Supplier<? extends Deployable> verticle, DeploymentOptions options) {
    return vertx.deployVerticle(verticle, options).onSuccess(ids::add).mapEmpty();
  }

  /** Ends all; done when none listens any more. */
  Future<Void> end() {
    var ended = ids.stream().map(vertx::undeploy).toList();
    ids.clear();
    return Future.join(ended).mapEmpty();
  }
}

package io.streamer.gateway.action;

import io.streamer.handler.Action;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.job.Definition;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The actions this gateway has, each deployed as a verticle of its own. */
public final class Actions {
  /** Longer than any handler may take: a handler's own timeout answers first. */
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(Duration.ofHours(25).toMillis()).setLocalOnly(true);

  private final Vertx vertx;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /** What must be known of an action before it is called. */
  public record Known(String action, List<String> needs) {}

  public Actions(Vertx vertx, InstantSource clock) {
    this.vertx = vertx;
    this.clock = clock;
    Local.register(vertx.eventBus());
  }

  static String address(String action) {
    return "streamer.action." + action;
  }

  /** Deploys every action of the catalogue. */
  public Future<Void> deploy(Catalogue catalogue) {
    return Future.all(catalogue.definitions().stream().map(this::deploy).toList()).mapEmpty();
  }

  private Future<Void> deploy(Definition definition) {
    return vertx
        .deployVerticle(new ActionVerticle(definition, clock))
        .onSuccess(_ -> add(definition.action(), definition.needs()))
        .mapEmpty();
  }

  /**
   * Deploys an action written on Vert.x.
   *
   * @throws IllegalArgumentException if its class has no {@link Action} or the action is taken
   */
  public Future<Void> deploy(
      Supplier<? extends VertxAction<?, ?>> verticle, DeploymentOptions options) {
    var action = verticle.get().action();
    if (known.containsKey(action.value())) {
      throw new IllegalArgumentException("the action " + action.value() + " is taken");
    }
    return vertx
        .deployVerticle(verticle, options)
        .onSuccess(_ -> add(action.value(), List.of(action.needs())))
        .mapEmpty();
  }

  private void add(String action, List<String> needs) {
    known.put(action, new Known(action, needs));
  }

  public Optional<Known> find(String action) {
    return Optional.ofNullable(known.get(action));
  }

  /** The actions' names, in alphabetical order. */
  public List<String> names() {
    return known.keySet().stream().sorted().toList();
  }

  /** Calls an action; the future completes on the caller's context. */
  public Future<ActionReply> call(Known action, ActionCall call) {
    return vertx
        .eventBus()
        .<ActionReply>request(address(action.action()), call, PATIENT)
        .map(io.vertx.core.eventbus.Message::body);
  }
}

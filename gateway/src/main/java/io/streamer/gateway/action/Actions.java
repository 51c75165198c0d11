package io.streamer.gateway.action;

import io.streamer.handler.Caller;
import io.streamer.handler.Interceptor;
import io.streamer.handler.RawJson;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.job.Declared;
import io.streamer.shared.job.Definition;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actions this gateway has, each deployed as a verticle of its own. */
public final class Actions {
  private static final Logger LOG = LoggerFactory.getLogger(Actions.class);

  /** Longer than any handler may take: a handler's own timeout answers first. */
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions().setSendTimeout(Duration.ofHours(25).toMillis()).setLocalOnly(true);

  /** The default of {@link io.streamer.handler.Action#attempts}. */
  private static final int ATTEMPTS = 3;

  private final Vertx vertx;
  private final InstantSource clock;
  private final Blobs blobs;
  private final Map<String, Deployed> known = new ConcurrentHashMap<>();
  private final Map<String, Integer> deployments = new ConcurrentHashMap<>();
  private final Set<String> verticles = ConcurrentHashMap.newKeySet();
  private final Carriers carriers = new Carriers(Duration.ofSeconds(1));
  private volatile List<Interceptor> interceptors = List.of();

  /**
   * @param blobs where runs write files
   */
  public Actions(Vertx vertx, InstantSource clock, Blobs blobs) {
    this.vertx = vertx;
    this.clock = clock;
    this.blobs = blobs;
    Local.register(vertx.eventBus());
  }

  static String address(String action) {
    return "streamer.action." + action;
  }

  /**
   * Serves the actions of the catalogue, and no others but those on Vert.x. Definitions that are
   * served already go on; the handlers of the new ones that may answer on the spot are made. What
   * is replaced or gone ends its calls first.
   *
   * @param threshold the longest estimate that is answered on the spot
   * @throws IllegalArgumentException if an action on Vert.x has the name of one of them
   */
  public Future<Void> serve(Catalogue catalogue, Duration threshold) {
    var fresh =
        catalogue.definitions().stream().filter(definition -> !isServed(definition)).toList();
    interceptors = catalogue.interceptors();
    return Future.all(fresh.stream().map(definition -> deploy(definition, threshold)).toList())
        .onSuccess(_ -> removeAllBut(catalogue))
        .mapEmpty();
  }

  private boolean isServed(Definition definition) {
    var deployed = known.get(definition.action());
    if (deployed != null && deployed.isOnVertx()) {
      throw new IllegalArgumentException(
          "the action " + definition.action() + " is taken by one on Vert.x");
    }
    return deployed != null && deployed.serves(definition);
  }

  private void removeAllBut(Catalogue catalogue) {
    known.forEach((action, deployed) -> {
      // off the map first: a call that finds it replaced looks there again
      if (!deployed.isOnVertx()
          && catalogue.find(action).isEmpty()
          && known.remove(action, deployed)) {
        deployed.replace();
      }
    });
  }

  private Future<Void> deploy(Definition definition, Duration threshold) {
    var action = definition.action();
    // a version that is replaced ends its calls at an address of its own
    var nth = deployments.merge(action, 1, Integer::sum);
    var address = nth == 1 ? address(action) : address(action) + "#" + nth;
    var deployed = new Deployed(action, definition.needs(), address, definition);
    return open(definition, threshold)
        .compose(
            _ -> vertx.deployVerticle(new ActionVerticle(definition, address, clock, carriers)))
        .onSuccess(id -> {
          verticles.add(id);
          deployed.unused().compose(_ -> undeploy(id));
          add(deployed);
        })
        .mapEmpty();
  }

  /** A handler that cannot be made fails alone: each of its requests tries again. */
  private Future<Void> open(Definition definition, Duration threshold) {
    if (!definition.answersWithin(threshold)) {
      return Future.succeededFuture();
    }
    var opened = Promise.<Void>promise();
    Thread.ofVirtual()
        .name("open-" + definition.action())
        .start(() -> {
          try {
            definition.open();
          } catch (Throwable e) {
            LOG.error("{}", e.getMessage(), e);
          } finally {
            opened.complete();
          }
        });
    return opened.future();
  }

  /**
   * Deploys an action written on Vert.x; so many instances as the options say share its calls.
   *
   * @throws IllegalArgumentException if its class has no {@link io.streamer.handler.Action} or a
   *     wrong one, or the action is taken
   */
  public Future<Void> deploy(
      Supplier<? extends VertxAction<?, ?>> action, DeploymentOptions options) {
    var first = action.get();
    var declared = Declared.by(first.getClass(), VertxAction.class);
    if (known.containsKey(declared.action())) {
      throw new IllegalArgumentException("the action " + declared.action() + " is taken");
    }
    var admission = new Admission(declared, interceptors);
    var unused = new AtomicReference<@Nullable VertxAction<?, ?>>(first);
    return vertx
        .deployVerticle(
            () -> {
              var one = unused.getAndSet(null);
              VertxAction<?, ?> instance = one == null ? action.get() : one;
              instance.admitBy(admission);
              return instance;
            },
            options)
        .onSuccess(id -> {
          verticles.add(id);
          add(new Deployed(declared.action(), declared.needs(), address(declared.action()), null));
        })
        .mapEmpty();
  }

  /** Serves nothing any more; calls in flight should have ended. */
  public Future<Void> end() {
    known.clear();
    carriers.close();
    return Future.join(verticles.stream().map(this::undeploy).toList())
        .<Void>mapEmpty()
        .onComplete(_ -> Local.unregister(vertx.eventBus()));
  }

  private Future<Void> undeploy(String id) {
    return verticles.remove(id) ? vertx.undeploy(id) : Future.succeededFuture();
  }

  private void add(Deployed deployed) {
    var before = known.put(deployed.action(), deployed);
    if (before != null) {
      before.replace();
    }
  }

  public Optional<Deployed> find(String action) {
    return Optional.ofNullable(known.get(action));
  }

  /**
   * How often a job of the action is tried. One that this gateway does not know, or not any more,
   * has what an action has that says nothing.
   */
  public int attempts(String action) {
    return find(action).stream()
        .mapToInt(known -> known.attempts().orElse(ATTEMPTS))
        .findFirst()
        .orElse(ATTEMPTS);
  }

  /** The actions' names, in alphabetical order. */
  public List<String> names() {
    return known.keySet().stream().sorted().toList();
  }

  /**
   * A call to be made.
   *
   * @param threshold the longest estimate that is answered on the spot
   */
  public ActionCall prepare(
      Caller caller, String id, RawJson payload, Map<String, String> metadata, Duration threshold) {
    return new ActionCall(caller, id, payload, metadata, threshold, blobs);
  }

  /**
   * Calls an action, or the version that has just taken its place; the future completes on the
   * caller's context.
   */
  public Future<ActionReply> call(Deployed action, ActionCall call) {
    if (!action.enter()) {
      var newer = known.get(action.action());
      return newer == null
          ? Future.failedFuture(action.action() + " is no longer served")
          : call(newer, call);
    }
    return vertx
        .eventBus()
        .<ActionReply>request(action.address(), call, PATIENT)
        .map(Message::body)
        .onComplete(_ -> action.leave());
  }
}

package io.streamer.gateway.action;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.streamer.handler.Interceptor;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Declared;
import io.streamer.shared.action.Definition;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actions this gateway has, each deployed as a verticle of its own. */
public final class Actions {
  private static final Logger LOG = LoggerFactory.getLogger(Actions.class);

  /** The default of {@link io.streamer.handler.Action#attempts}. */
  private static final int ATTEMPTS = 3;

  private final Vertx vertx;
  private final InstantSource clock;
  private final Blobs blobs;
  private final Map<String, Deployed> known = new ConcurrentHashMap<>();
  private final Set<String> verticles = ConcurrentHashMap.newKeySet();
  private final FastThreadLocal<DeadlineQueue> deadlines = new FastThreadLocal<>();
  private final Carriers carriers = new Carriers(Duration.ofSeconds(1));
  private final WaitingCalls waitingCalls = new WaitingCalls();
  private volatile List<Interceptor> interceptors = List.of();

  /**
   * @param blobs where runs write files
   */
  public Actions(Vertx vertx, InstantSource clock, Blobs blobs) {
    this.vertx = vertx;
    this.clock = clock;
    this.blobs = blobs;
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
    var places = waitingCalls.places(definition.action(), definition.concurrency());
    var verticle = new ActionVerticle(definition, places, clock, carriers);
    var deployed = Deployed.of(definition, verticle);
    return open(definition, threshold)
        .compose(_ -> vertx.deployVerticle(verticle))
        .onSuccess(id -> {
          verticles.add(id);
          deployed.unused().onSuccess(_ -> waitingCalls.forget(places)).compose(_ -> undeploy(id));
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
    var places = waitingCalls.places(declared.action(), declared.concurrency());
    var admission = new Admission(declared, interceptors, places);
    var instances = new Instances(declared);
    var unused = new AtomicReference<@Nullable VertxAction<?, ?>>(first);
    return vertx
        .deployVerticle(
            () -> {
              var one = unused.getAndSet(null);
              VertxAction<?, ?> instance = one == null ? action.get() : one;
              instance.admitBy(admission, instances);
              return instance;
            },
            options)
        .onSuccess(id -> {
          verticles.add(id);
          add(Deployed.of(instances));
        })
        .mapEmpty();
  }

  /** Serves nothing any more; calls in flight should have ended. */
  public Future<Void> end() {
    known.clear();
    waitingCalls.end();
    carriers.close();
    return Future.join(verticles.stream().map(this::undeploy).toList()).mapEmpty();
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

  /** Calls that wait for a place of their action. */
  public int waiting() {
    return waitingCalls.count();
  }

  /** A connection has ended: what it asked for and did not begin is not begun any more. */
  public void left(String connection) {
    waitingCalls.left(connection);
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
  public ActionCall prepare(ActionCall.Asked asked, Duration threshold) {
    return new ActionCall(asked, threshold, blobs, System::nanoTime);
  }

  /** Calls an action, or the version that has just taken its place. On an event loop. */
  public void call(Deployed action, ActionCall call, Waiting waiting) {
    var served = action;
    while (!served.enter()) {
      served = known.get(action.action());
      if (served == null) {
        waiting.replied(unavailable(action.action()));
        return;
      }
    }
    Flight flight;
    try {
      var context = ((VertxInternal) vertx).getOrCreateContext();
      flight = new Flight(call, served, waiting, context, deadlines(context.nettyEventLoop()));
    } catch (Throwable thrown) {
      served.leave();
      throw thrown;
    }
    try {
      served.target().take(flight);
    } catch (Throwable thrown) {
      // no memory for a thread, say
      flight.about().in(LOG.atError()).setCause(thrown).log("{} cannot be called", action.action());
      flight.reply(unavailable(action.action()));
    }
  }

  private DeadlineQueue deadlines(EventLoop loop) {
    var here = deadlines.get();
    if (here == null) {
      here =
          new DeadlineQueue(
              System::nanoTime,
              (work, nanos) -> {
                var _ = loop.schedule(work, nanos, TimeUnit.NANOSECONDS);
              });
      deadlines.set(here);
    }
    return here;
  }

  private static ActionReply unavailable(String action) {
    return new ActionReply.Failed(
        Problem.comeBack(
            ErrorCode.SERVICE_UNAVAILABLE, action + " is not available right now", 1_000));
  }
}

package io.streamer.gateway;

import io.streamer.gateway.action.Actions;
import io.streamer.gateway.action.VertxAction;
import io.streamer.gateway.apigateway.IntegrationSettings;
import io.streamer.gateway.apigateway.Integrations;
import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.ConnectionRows;
import io.streamer.gateway.connection.Connections;
import io.streamer.gateway.connection.Directory;
import io.streamer.gateway.connection.DoorTerms;
import io.streamer.gateway.connection.Drain;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.connection.Heartbeats;
import io.streamer.gateway.connection.NodeBeat;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.http.Strangers;
import io.streamer.gateway.job.AbandonedJobs;
import io.streamer.gateway.job.Attach;
import io.streamer.gateway.job.Control;
import io.streamer.gateway.job.Dispatcher;
import io.streamer.gateway.job.DueJobProcessor;
import io.streamer.gateway.job.EventReplay;
import io.streamer.gateway.job.JobAccess;
import io.streamer.gateway.job.JobResults;
import io.streamer.gateway.job.Notifier;
import io.streamer.gateway.job.Overrun;
import io.streamer.gateway.job.Submit;
import io.streamer.gateway.job.Subscribe;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.gateway.signal.HandshakeSignals;
import io.streamer.gateway.signal.LoopLag;
import io.streamer.gateway.signal.Signals;
import io.streamer.gateway.signal.StoreSignals;
import io.streamer.gateway.socket.HttpDoor;
import io.streamer.gateway.socket.Management;
import io.streamer.gateway.socket.Places;
import io.streamer.gateway.socket.SocketServer;
import io.streamer.gateway.socket.Tap;
import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.Presence;
import io.streamer.gateway.store.StoreListener.Ending;
import io.streamer.gateway.store.Stores;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Due;
import io.streamer.shared.log.Remark;
import io.streamer.shared.push.InternalSecrets;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.time.Clocks;
import io.streamer.shared.trace.Traces;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One gateway task: every part, in the order in which it is made. */
public final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** Of those who look after connections, each has so many of the store's 200 connections. */
  private static final int HOUSEKEEPING = 16;

  /** Longer than the store's own limits for all that one connection may leave. */
  private static final Duration HOUSEKEEPING_PATIENCE = Duration.ofSeconds(60);

  /** Touches that wait: the others come with the next heartbeat. */
  private static final int MOST_TOUCHES = 1_000;

  /** Connections that have ended and wait for what is done then, each way. */
  private static final int MOST_FAREWELLS = 100_000;

  /** Rows and farewells that may wait at the smallest of tasks. */
  private static final int LEAST_BEHIND = 100;

  /** For what the last connections leave. */
  private static final Duration LAST_FAREWELLS = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final GatewaySettings settings;
  private final Catalogue catalogue;
  private final ClassLoader handlers;

  // in the order in which they are made
  private final Signals signals;
  private final Traces traces;
  private final Stores stores;
  private final Pushes pushes;
  private final ConnectionRows rows;
  private final ConnectionCleanup farewell;
  private final Connections connections;
  private final Blobs blobs;
  private final Actions actions;
  private final io.streamer.gateway.routing.Router router;
  private final NodeBeat beat;
  private final Dispatcher dispatcher;
  private final TokenVerifier verifier;
  private final Strangers strangers;
  private final Drain drain;
  private final Router http;
  private final Optional<Router> apart;
  private final Optional<Integrations> integrations;
  private final SocketServer.Door door;
  private final Management management;
  private final Heartbeats heartbeats;
  private final Deployments deployments;
  private volatile int port;
  private volatile OptionalInt integrationPort = OptionalInt.empty();

  private Gateway(
      Vertx vertx,
      GatewaySettings settings,
      Catalogue catalogue,
      ClassLoader handlers,
      Hooks hooks) {
    var log = hooks.log();
    var clock = hooks.clock();
    this.vertx = vertx;
    this.settings = settings;
    this.catalogue = catalogue;
    this.handlers = handlers;
    var clocks = Clocks.of(clock);
    var endpoint = "node:" + settings.nodeId();
    var limits = settings.store().limits();

    // what is measured, stored and pushed
    signals = new Signals(settings.signals(), settings.aws(), System.out::println);
    traces = Traces.of(settings.traces(), "streamer-gateway");
    var meters = signals.meters();
    var frames = new FrameSignals(meters);
    var handshakes = new HandshakeSignals(meters);
    var presence = new Presence(clock);
    var calls = new StoreSignals(meters);
    stores =
        Stores.of(
            vertx,
            Clients.store(
                vertx,
                settings.store().transport(),
                settings.aws(),
                List.of((ending, nanos) -> calls.over(ending == Ending.ANSWERED, nanos), presence)),
            settings.store(),
            meters,
            clock);
    var dynamo = stores.dynamo();
    var jobs = stores.jobs();
    var secrets = InternalSecrets.of(settings.push(), settings.aws());
    pushes = Clients.pushes(vertx, settings, secrets, stores, meters, clock);

    // connections
    var registry = new Registry(frames);
    meters.gauge(Metric.SOCKETS, registry::size);
    meters.gauge(Metric.BUFFERED, registry::kept);
    meters.gauge(Metric.BUFFERED_MOST, registry::mostKept);
    var delivery = new FrameSender(vertx, registry, endpoint, pushes, clock);
    var departures =
        new AbandonedJobs(
            dynamo, jobs, stores.dues(), delivery, settings.dispatch().grace(), clock);
    rows =
        new ConnectionRows(
            vertx.getOrCreateContext(),
            dynamo,
            stores.connections(),
            settings.connectionTtl(),
            clocks);
    farewell =
        new ConnectionCleanup(
            rows,
            housekeeping(vertx, MOST_FAREWELLS),
            departures::left,
            housekeeping(vertx, MOST_FAREWELLS),
            dynamo,
            stores.subscriptions(),
            clock);
    var writes =
        new Directory.Writes(
            rows,
            farewell,
            housekeeping(vertx, MOST_TOUCHES),
            LEAST_BEHIND + 2 * settings.maxConnections());
    var directory = new Directory(vertx, registry, writes, terms(settings), clocks);
    heartbeats = new Heartbeats(registry, directory, settings.heartbeat());
    connections =
        new Connections(registry, rows, dynamo, stores.connections(), delivery, pushes, clock);

    // actions and jobs
    blobs = new Blobs(settings.blobs(), settings.aws(), clock);
    actions = new Actions(vertx, clock, blobs);
    var results = new JobResults(vertx, dynamo, jobs, new Results(blobs));
    var notifier = new Notifier(vertx, stores, results, delivery, traces, meters, clocks);
    var visible = new JobAccess(dynamo, jobs);
    var missed = new EventReplay(dynamo, stores.events(), clock);
    var attach = new Attach(dynamo, stores.ownership(), missed, results, departures);
    var subscribe =
        new Subscribe(dynamo, jobs, stores.subscriptions(), missed, visible, attach, clock);
    var submit = new Submit(dynamo, jobs, attach, log);
    var overrun = new Overrun(vertx, stores, results, attach, notifier, clocks, log);
    var control = new Control(dynamo, stores.dues(), visible, results, notifier, overrun);
    router =
        new io.streamer.gateway.routing.Router(
            actions,
            new io.streamer.gateway.routing.Router.Jobs(
                submit, control, attach, subscribe, overrun),
            settings.threshold(),
            frames,
            traces,
            clock,
            log);
    meters.gauge(Metric.IN_FLIGHT, router::inFlight);
    meters.gauge(Metric.WAITING, actions::waiting);

    // what is due, and whose it is
    beat =
        new NodeBeat(
            vertx, dynamo, stores.nodes(), settings.nodeId(), settings.dispatch().beat(), clock);
    var due = Due.of(limits.lease(), limits.dueAfter(), limits.retention(), actions::attempts);
    var upkeep =
        new DueJobProcessor(dynamo, stores.dues(), due, notifier, departures, traces, clock);
    dispatcher =
        new Dispatcher(dynamo, stores.dues(), upkeep, beat::shards, settings.dispatch().every());
    meters.gauge(Metric.DUE, dispatcher.backlog()::jobs);
    meters.gauge(Metric.DUE_AGE, () -> dispatcher.backlog().age(clock.millis()));

    // the doors
    verifier = new TokenVerifier(vertx, settings.auth(), clock);
    strangers = new Strangers(LOG, clock);
    drain = new Drain(vertx, registry, System::nanoTime);
    meters.gauge(Metric.DRAIN, drain::seconds);
    meters.gauge(Metric.DRAIN_TOLD, drain::told);
    http = PlainHttp.router(vertx, settings, stores, verifier, drain::begun, clock);
    integrations =
        settings
            .apiGateway()
            .map(apiGateway ->
                Integrations.create(
                    vertx,
                    new Integrations.Door(
                        apiGateway,
                        verifier,
                        stores,
                        farewell,
                        settings.connectionTtl(),
                        router,
                        delivery,
                        pushes,
                        Integrations.terms(settings.maxMessageBytes(), version()),
                        frames,
                        handshakes,
                        drain::begun),
                    clock));
    apart =
        settings
            .apiGateway()
            .filter(apiGateway -> apiGateway.port().isPresent())
            .map(_ -> PlainHttp.health(vertx, settings, stores, verifier, drain::begun, clock));
    integrations.ifPresent(it -> it.mount(apart.orElse(http)));
    door =
        new SocketServer.Door(
            settings.host(),
            endpoint,
            settings.maxMessageBytes(),
            settings.maxMessageRate(),
            settings.maxLoopLag(),
            new Places(settings.maxConnections(), settings.maxUserConnections()),
            settings.proxies(),
            verifier,
            directory,
            presence,
            drain,
            router,
            PlainHttp.readable(http, strangers),
            strangers,
            handshakes,
            hooks.tap());
    management =
        new Management(
            settings.internalHost(),
            settings.internalPort(),
            secrets::all,
            registry,
            strangers,
            signals::page);
    deployments = new Deployments(vertx);
  }

  /**
   * What a task's surroundings want to know and decide.
   *
   * @param log takes what makes a line for each request and job, and may leave it
   * @param clock tells what is due or has expired; how often they are looked at, and who was silent
   *     for how long, is the machine's time
   * @param tap looks on at the messages of direct sockets; where there is none, as in production,
   *     they pass nothing of it
   */
  public record Hooks(Consumer<Supplier<Remark>> log, InstantSource clock, Optional<Tap> tap) {
    /** Nobody listens or looks on, and time is the machine's. */
    public static final Hooks NONE = new Hooks(_ -> {}, InstantSource.system(), Optional.empty());

    public Hooks log(Consumer<Supplier<Remark>> instead) {
      return new Hooks(instead, clock, tap);
    }

    public Hooks clock(InstantSource instead) {
      return new Hooks(log, instead, tap);
    }

    public Hooks tap(Tap instead) {
      return new Hooks(log, clock, Optional.of(instead));
    }
  }

  /**
   * Starts a task; done when it takes sockets.
   *
   * @param handlers has actions written on Vert.x, as services
   */
  public static Future<Gateway> start(
      Vertx vertx,
      GatewaySettings settings,
      Catalogue catalogue,
      ClassLoader handlers,
      Hooks hooks) {
    return new Gateway(vertx, settings, catalogue, handlers, hooks).open();
  }

  /** Clients come last: whoever gets in is served. */
  private Future<Gateway> open() {
    if (vertx.exceptionHandler() == null) {
      vertx.exceptionHandler(e -> strangers.fault("unhandled " + e.getClass().getName(), e));
    }
    verifier.start();
    return actions
        .serve(catalogue, settings.threshold())
        .compose(_ -> deployServices())
        .compose(_ -> deployments.add(management))
        .compose(_ -> deployments.add(heartbeats))
        .compose(_ -> deployments.everywhere(() -> new LoopLag(signals.lag())))
        .compose(_ ->
            beat.start(settings.announced(management.actualPort()))
                .compose(_ -> deployments.add(dispatcher))
                .compose(_ -> listen())
                .recover(e -> beat.stop().transform(_ -> Future.failedFuture(e))))
        .map(this)
        .recover(e -> end().transform(_ -> Future.failedFuture(e)));
  }

  private Future<Void> listen() {
    return listenForIntegrations()
        .compose(_ -> deployments.listen(at -> new SocketServer(door, at), settings.port()))
        .onSuccess(taken -> port = taken)
        .mapEmpty();
  }

  /** The integrations' own listener, if they have one. */
  private Future<Void> listenForIntegrations() {
    var asked = settings.apiGateway().map(IntegrationSettings::port).orElse(OptionalInt.empty());
    if (apart.isEmpty() || asked.isEmpty()) {
      return Future.succeededFuture();
    }
    var requests = PlainHttp.readable(apart.get(), strangers);
    return deployments
        .listen(at -> new HttpDoor(settings.host(), at, requests, strangers), asked.getAsInt())
        .onSuccess(taken -> integrationPort = OptionalInt.of(taken))
        .mapEmpty();
  }

  private Future<Void> end() {
    return Future.join(deployments.end(), actions.end())
        .<Void>mapEmpty()
        // closing the clients may wait for what they have under way
        .eventually(() ->
            vertx.executeBlocking(() -> {
              rows.stop();
              verifier.close();
              stores.close();
              pushes.close();
              blobs.close();
              traces.close();
              signals.close();
              return null;
            }));
  }

  private static Limiter housekeeping(Vertx vertx, int mostWaiting) {
    return new Limiter(
        vertx.getOrCreateContext(), HOUSEKEEPING, mostWaiting, HOUSEKEEPING_PATIENCE);
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private Future<Void> deployServices() {
    return Future.all(
            ServiceLoader.load(VertxAction.class, handlers).stream()
                .map(service ->
                    actions.deploy(
                        service::get,
                        // so that each call finds one on the event loop of its socket
                        new DeploymentOptions()
                            .setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE)
                            .setClassLoader(service.type().getClassLoader())))
                .toList())
        .mapEmpty();
  }

  private static String version() {
    var version = Gateway.class.getPackage().getImplementationVersion();
    return "streamer/" + (version == null ? "dev" : version);
  }

  private static DoorTerms terms(GatewaySettings settings) {
    return new DoorTerms(
        settings.heartbeat().toMillis(),
        DoorTerms.MAX_AGE_MS,
        settings.maxMessageBytes(),
        null,
        version());
  }

  /**
   * Deploys an action written on Vert.x.
   *
   * @throws IllegalArgumentException if its class has no {@link io.streamer.handler.Action} or a
   *     wrong one, or the action is taken
   */
  public Future<Void> deploy(
      Supplier<? extends VertxAction<?, ?>> action, DeploymentOptions options) {
    return actions.deploy(action, options);
  }

  /**
   * Serves the actions of another catalogue in place of the one so far: requests in flight end as
   * they began, later ones meet the new handlers. The old catalogue's handlers stay open.
   *
   * @throws IllegalArgumentException if an action on Vert.x has the name of one of them
   */
  public Future<Void> replace(Catalogue catalogue) {
    return actions.serve(catalogue, settings.threshold());
  }

  /**
   * Has what other libraries of this process trace by OpenTelemetry's API go where its own spans
   * go, if they go somewhere.
   */
  public void shareTraces() {
    traces.shareWithProcess();
  }

  /** The port of the direct door. */
  public int port() {
    return port;
  }

  /** The port of the internal API. */
  public int internalPort() {
    return management.actualPort();
  }

  /** The port of API Gateway's integrations, if it is not the direct door's. */
  public OptionalInt integrationPort() {
    return integrationPort;
  }

  /** Plain HTTP on the direct door's port; takes routes while it runs. */
  public Router http() {
    return http;
  }

  /** The names of the actions it serves. */
  public List<String> actions() {
    return actions.names();
  }

  /** Every connection of every task. */
  public Connections connections() {
    return connections;
  }

  /** Whether nothing waits for its answer. */
  public boolean idle() {
    return router.idle() && integrations.map(Integrations::idle).orElse(true);
  }

  /**
   * Looks after the jobs that are due by now in this task's share, as it does by itself every
   * second; done when they are done and told, as far as they can be.
   */
  public Future<Void> runDue() {
    return beat.look().compose(_ -> dispatcher.turn());
  }

  /**
   * Lets clients go to other tasks, answers what is in flight, for as long as the grace time
   * allows, closes all sockets and listens no more. The Vert.x that was passed in goes on.
   */
  public Future<Void> stop() {
    return stop(Drain.spread(settings.shutdownGrace()));
  }

  /** As {@link #stop}, where no other task would take the clients: they are not waited for. */
  public Future<Void> stopAlone() {
    return stop(Duration.ZERO);
  }

  private Future<Void> stop(Duration spread) {
    var grace = settings.shutdownGrace();
    // its jobs are others' from now on: nobody has to miss three heartbeats
    var left = beat.leave().compose(_ -> dispatcher.finish(grace));
    return Future.join(left, drain.run(this::idle, spread, grace))
        .compose(_ -> farewell.finish(LAST_FAREWELLS))
        .compose(_ -> beat.stop())
        .eventually(this::end);
  }

  /**
   * Ends as if the process had died: nobody is told, what is in flight is left. The Vert.x that was
   * passed in goes on, and should be closed by its owner.
   */
  public Future<Void> halt() {
    beat.halt();
    return end();
  }
}

package io.streamer.gateway;

import io.streamer.gateway.action.Actions;
import io.streamer.gateway.action.VertxAction;
import io.streamer.gateway.apigateway.Integrations;
import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.connection.Connections;
import io.streamer.gateway.connection.Delivery;
import io.streamer.gateway.connection.Directory;
import io.streamer.gateway.connection.Drain;
import io.streamer.gateway.connection.Heartbeats;
import io.streamer.gateway.connection.NodeBeat;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.connection.Terms;
import io.streamer.gateway.http.Health;
import io.streamer.gateway.job.Attach;
import io.streamer.gateway.job.Control;
import io.streamer.gateway.job.JobResults;
import io.streamer.gateway.job.Overrun;
import io.streamer.gateway.job.Submit;
import io.streamer.gateway.routing.Router;
import io.streamer.gateway.socket.Management;
import io.streamer.gateway.socket.SocketServer;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.push.Endpoints;
import io.streamer.shared.push.NodeEndpoints;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.store.ConnectionCalls;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.NodeCalls;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One gateway task: every part, in the order in which it is made. */
public final class Gateway {
  private final Settings settings;
  private final Actions actions;
  private final Connections connections;
  private final Drain drain;
  private final NodeBeat beat;
  private final BooleanSupplier idle;
  private final Supplier<Future<Void>> end;
  private final io.vertx.ext.web.Router http;
  private final int port;

  private Gateway(
      Settings settings,
      Actions actions,
      Connections connections,
      Drain drain,
      NodeBeat beat,
      BooleanSupplier idle,
      Supplier<Future<Void>> end,
      io.vertx.ext.web.Router http,
      int port) {
    this.settings = settings;
    this.actions = actions;
    this.connections = connections;
    this.drain = drain;
    this.beat = beat;
    this.idle = idle;
    this.end = end;
    this.http = http;
    this.port = port;
  }

  /**
   * Starts a task; done when it takes sockets.
   *
   * @param handlers has actions written on Vert.x, as services
   * @param log takes a line for each request and job
   */
  public static Future<Gateway> start(
      Vertx vertx,
      Settings settings,
      Catalogue catalogue,
      ClassLoader handlers,
      Consumer<String> log) {
    var clock = InstantSource.system();
    var endpoint = "node:" + settings.nodeId();

    var tables = settings.store().tables();
    var limits = settings.store().limits();
    var client = Clients.dynamo(settings.aws());
    var dynamo = new VertxDynamo(vertx, client);
    var jobs = new JobCalls(tables, limits, clock);
    var connectionCalls = new ConnectionCalls(tables, clock);
    var nodes = new NodeCalls(tables, clock);

    var registry = new Registry();
    var directory =
        new Directory(
            vertx,
            registry,
            connectionCalls,
            dynamo,
            settings.connectionTtl(),
            terms(settings),
            clock);
    var pushes =
        new PushClient(
            Endpoints.of(settings.push().apis())
                .or(
                    new NodeEndpoints(
                        id ->
                            dynamo
                                .execute(nodes.find(id))
                                .toCompletionStage()
                                .toCompletableFuture()
                                .join(),
                        clock)),
            settings.push().secret(),
            settings.aws().region(),
            settings.aws().credentials());
    var delivery = new Delivery(vertx, registry, endpoint, pushes, clock);
    var connections = new Connections(vertx, dynamo, connectionCalls, delivery, pushes);

    var blobs = new Blobs(settings.blobs(), settings.aws(), clock);
    var results = new JobResults(vertx, dynamo, jobs, new Results(blobs));
    var actions = new Actions(vertx, clock, blobs);
    var attach = new Attach(dynamo, jobs, results);
    var submit = new Submit(dynamo, jobs, attach, log);
    var control = new Control(dynamo, jobs, results);
    var overrun =
        new Overrun(vertx, dynamo, jobs, results, attach, delivery, limits.lease(), clock);
    var router =
        new Router(
            vertx,
            actions,
            submit,
            control,
            attach,
            overrun,
            settings.threshold(),
            settings.maxMessageBytes(),
            clock,
            log);

    var verifier = new TokenVerifier(vertx, settings.auth(), clock);
    verifier.start();
    var http = io.vertx.ext.web.Router.router(vertx);
    var checks = new ArrayList<Health.Check>();
    checks.add(
        new Health.Check(
            "dynamodb", () -> dynamo.execute(nodes.find(settings.nodeId())).map(true)));
    verifier
        .readiness()
        .forEach((issuer, hasKeys) ->
            checks.add(
                new Health.Check(
                    "keys:" + issuer, () -> Future.succeededFuture(hasKeys.getAsBoolean()))));
    Health.mount(http, clock, checks.toArray(Health.Check[]::new));
    settings
        .publishedKeys()
        .ifPresent(file ->
            http.get("/.well-known/jwks.json")
                .handler(it ->
                    it.response()
                        .putHeader("Content-Type", "application/json")
                        .sendFile(file.toString())));
    var integrations =
        settings
            .apiGateway()
            .map(apiGateway ->
                Integrations.create(
                    vertx,
                    apiGateway,
                    verifier,
                    dynamo,
                    connectionCalls,
                    settings.connectionTtl(),
                    router,
                    delivery,
                    pushes,
                    Integrations.terms(settings.maxMessageBytes(), version()),
                    clock));
    integrations.ifPresent(it -> it.mount(http));
    BooleanSupplier idle = () -> router.idle() && integrations.map(Integrations::idle).orElse(true);
    var door =
        new SocketServer.Door(
            settings.host(),
            endpoint,
            settings.maxMessageBytes(),
            settings.maxConnections(),
            verifier,
            directory,
            registry,
            router,
            (HttpServerRequest request) -> http.handle(request));

    var management =
        new Management(
            settings.internalHost(),
            settings.internalPort(),
            settings.push().secrets(),
            settings.maxMessageBytes(),
            registry);
    var heartbeats = new Heartbeats(registry, directory, settings.heartbeat(), clock);
    var drain = new Drain(vertx, registry, idle);
    var deployments = new Deployments(vertx);
    Supplier<Future<Void>> end =
        () ->
            Future.join(deployments.end(), actions.end())
                .<Void>mapEmpty()
                .onComplete(_ -> {
                  verifier.close();
                  client.close();
                  pushes.close();
                  blobs.close();
                });

    return actions
        .serve(catalogue, settings.threshold())
        .compose(_ -> deployServices(actions, handlers))
        .compose(_ -> deployments.add(management))
        .compose(_ -> deployments.add(heartbeats))
        .map(_ ->
            new NodeBeat(
                vertx,
                dynamo,
                nodes,
                settings.nodeId(),
                settings.internalAddress() + ":" + management.actualPort(),
                clock))
        .compose(beat -> beat.start().map(beat))
        .compose(beat ->
            listen(deployments, door, settings.port())
                .map(port ->
                    new Gateway(settings, actions, connections, drain, beat, idle, end, http, port))
                .recover(e -> beat.stop().transform(_ -> Future.failedFuture(e))))
        .recover(e -> end.get().transform(_ -> Future.failedFuture(e)));
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private static Future<Void> deployServices(Actions actions, ClassLoader handlers) {
    return Future.all(
            ServiceLoader.load(VertxAction.class, handlers).stream()
                .map(service ->
                    actions.deploy(
                        service::get,
                        new DeploymentOptions().setClassLoader(service.type().getClassLoader())))
                .toList())
        .mapEmpty();
  }

  /** One instance an event loop; the others share the port that the first one got. */
  private static Future<Integer> listen(Deployments deployments, SocketServer.Door door, int port) {
    // Vert.x shares a random port among servers that ask for the same negative one
    var shared = port == 0 ? -1 : port;
    var first = new SocketServer(door, shared);
    int others = Runtime.getRuntime().availableProcessors() - 1;
    return deployments
        .add(first)
        .compose(_ -> {
          var taken = first.actualPort();
          return others == 0
              ? Future.succeededFuture(taken)
              : deployments
                  .add(
                      () -> new SocketServer(door, shared),
                      new DeploymentOptions()
                          .setThreadingModel(ThreadingModel.EVENT_LOOP)
                          .setInstances(others))
                  .map(taken);
        });
  }

  private static String version() {
    var version = Gateway.class.getPackage().getImplementationVersion();
    return "streamer/" + (version == null ? "dev" : version);
  }

  private static Terms terms(Settings settings) {
    return new Terms(
        settings.heartbeat().toMillis(), Terms.MAX_AGE_MS, settings.maxMessageBytes(), version());
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

  /** The port of the direct door. */
  public int port() {
    return port;
  }

  /** Plain HTTP on the direct door's port; takes routes while it runs. */
  public io.vertx.ext.web.Router http() {
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

  /** Whether no request is in flight. */
  public boolean idle() {
    return idle.getAsBoolean();
  }

  /**
   * Answers what is in flight, for as long as the grace time allows, closes all sockets and listens
   * no more. The Vert.x that was passed in goes on.
   */
  public Future<Void> stop() {
    return drain.run(settings.shutdownGrace()).compose(_ -> beat.stop()).eventually(end);
  }
}

package io.streamer.local.stage;

import static io.streamer.local.stage.StageParts.await;

import io.streamer.emulator.apigateway.ApiGateway;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.lambda.FunctionSettings;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.streamer.emulator.stream.StreamPump;
import io.streamer.gateway.Gateway;
import io.streamer.gateway.GatewaySettings;
import io.streamer.local.console.ProjectPage;
import io.streamer.local.feed.FeedRoutes;
import io.streamer.local.live.LiveHandlers;
import io.streamer.local.token.DevKey;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.Tables;
import io.streamer.worker.StreamFunction;
import io.streamer.worker.Worker;
import io.streamer.worker.run.RunUpdate;
import io.streamer.worker.time.Time;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The whole of Streamer in one JVM, on loopback: the real gateway and the real worker functions,
 * and around them what AWS would be: DynamoDB Local, a stream pump, a Lambda endpoint, an object
 * store and API Gateway. Nothing in gateway or worker knows that it runs here.
 */
public final class Stage implements AutoCloseable {
  /**
   * The longest wait between two reads of a stream that brings nothing new; Lambda's is as long.
   */
  public static final Duration STREAM_POLL = Duration.ofMillis(250);

  private static final String STREAM_FUNCTION = "streamer-stream";

  private final StageParts parts;
  private final Vertx vertx;
  private final Map<String, String> settings;
  private final Cloud cloud;
  private final StreamPump pump;
  private final StageControls controls;
  private final DirectDoor door;
  private final GatewayHost gateways;
  private final StageHandlers handlers;

  /**
   * Starts all parts; returns when sockets are taken.
   *
   * @throws PortTaken if somebody else has a port
   * @throws io.streamer.shared.settings.SettingsException if a setting is wrong
   */
  public static Stage start(StageOptions options) {
    var parts = new StageParts();
    try {
      return new Stage(options, parts);
    } catch (Throwable e) {
      // an Error of a handler's, too: what was opened would keep the process and its ports
      parts.close();
      throw e;
    }
  }

  /** Each part behind those that it needs. */
  private Stage(StageOptions options, StageParts parts) {
    this.parts = parts;
    var settings = StageSettings.of(options);
    StageSettings.check(settings);
    options.data.ifPresent(data -> parts.add(DataFolder.take(data)));
    vertx = Vertx.vertx(withoutFiles());
    parts.add(() -> await(vertx.close()));
    var seen = StageFeed.of(settings);
    cloud = Cloud.start(vertx, options, settings, seen.apiGateway(), parts);
    cloud.addresses().forEach(settings::putIfAbsent);
    this.settings = Map.copyOf(settings);
    var environment = new Environment(settings);
    var tables = new Tables(environment.text(Setting.TABLE_PREFIX));
    try (var client = LocalAws.dynamo(cloud.proxy().uri())) {
      CreateTables.create(client, tables);
    }
    var feedStore = parts.add(seen.follow(cloud, environment));

    var gatewaySettings = GatewaySettings.read(environment);
    handlers = StageHandlers.of(options, environment, gatewaySettings);
    // the handlers are the stage's, and outlive each process
    parts.add(() -> handlers.serving().worker().close());
    var sandboxes =
        parts.add(
            new Sandboxes(
                cloud.senders(),
                sender ->
                    new Worker(
                        StageSettings.of(settings, sender),
                        () -> sender.alive() ? handlers.serving().worker() : Sandboxes.NO_HANDLERS,
                        Worker.Hooks.NONE
                            .time(Time.of(options.workersClock))
                            .updates(update -> heard(options, sender, seen, update))
                            .onAbandoned(() -> {
                              CompletableFuture<?> _ = sender.kill();
                            })
                            .endpoints(found -> PushDoor.asSeenBy(sender, found)))));
    cloud
        .lambda()
        .register(
            STREAM_FUNCTION, parts.add(new StreamFunction(environment)), FunctionSettings.STREAM);
    cloud
        .lambda()
        .register(
            environment.text(Setting.JOB_FUNCTION),
            sandboxes,
            FunctionSettings.STREAMER.concurrency(options.jobConcurrency));
    pump =
        parts.add(
            new StreamPump(
                new StreamPump.Settings(
                    cloud.proxy().uri(),
                    cloud.lambda().uri(),
                    tables.jobs(),
                    STREAM_FUNCTION,
                    STREAM_POLL),
                cloud.faults()));
    pump.start();
    cloud.proxy().onWrite(pump::wake);

    parts.add(handlers.serving());
    door = directPort(options, () -> door(vertx, options, cloud));
    parts.add(() -> await(door.close()));
    controls = new StageControls(sandboxes, cloud);
    var key = DevKey.at(options.home);
    GatewayHost.Start start =
        (own, ownSettings, sender) -> {
          var gateway =
              await(
                  Gateway.start(
                      own,
                      ownSettings,
                      handlers.serving().gateway(),
                      handlers.loader(),
                      hooks(options, sender, seen)));
          handlers.mountConsole(
              gateway,
              ownSettings,
              key,
              served -> new FeedRoutes(own, seen.feed(), feedStore, controls, served));
          return gateway;
        };
    gateways =
        parts.add(directPort(options, () -> new GatewayHost(vertx, cloud, settings, door, start)));
    handlers.follow(gateways::gateway, parts);
    cloud.api().backends().add(URI.create("http://" + StageSettings.LOOPBACK + ":" + door.port()));
    // before the gateway, which then hears of the connections' end
    parts.add(() -> await(cloud.api().close()));
    cloud.faults().consequences().killBy(this::kill);
  }

  private static Gateway.Hooks hooks(StageOptions options, Sender sender, StageFeed seen) {
    var hooks =
        Gateway.Hooks.NONE
            .log(line -> tell(options, sender, line.get().text()))
            .clock(options.clock);
    return hooks.tap(options.frontDoor ? seen.tap(sender::alive) : seen.tap());
  }

  private static DirectDoor door(Vertx vertx, StageOptions options, Cloud cloud) {
    return options.frontDoor
        ? await(FrontDoor.start(vertx, options.directPort, cloud.faults()))
        : new OwnDoor(options.directPort);
  }

  /** Whatever takes the port of the direct door. */
  private static <T> T directPort(StageOptions options, Supplier<T> start) {
    return PortTaken.orElse(options.directPort, "--direct-port", start);
  }

  /** The dead say nothing any more. */
  private static void tell(StageOptions options, Sender sender, String line) {
    if (sender.alive()) {
      options.log.accept(line);
    }
  }

  private static void heard(StageOptions options, Sender sender, StageFeed seen, RunUpdate update) {
    if (!sender.alive()) {
      return;
    }
    if (update instanceof RunUpdate.AttemptFailed failure) {
      seen.failed(failure);
    }
    RunLine.of(update).ifPresent(options.log);
  }

  /** Of a Vert.x that takes no files from the class path and keeps no copies of them. */
  public static VertxOptions withoutFiles() {
    return new VertxOptions()
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  /** The direct door, as {@code ws://127.0.0.1:port/ws}. */
  public URI direct() {
    return URI.create("ws://" + StageSettings.LOOPBACK + ":" + door.port() + "/ws");
  }

  /** The door through API Gateway, as {@code ws://127.0.0.1:port/dev}. */
  public URI apiGateway() {
    return cloud.api().socketUri();
  }

  /** The page on which actions can be tried. */
  public URI console() {
    return URI.create("http://" + StageSettings.LOOPBACK + ":" + door.port() + "/");
  }

  /** The page that the folder of handlers brings along, if it does. */
  public Optional<URI> page() {
    return handlers
        .folder()
        .filter(ProjectPage::isIn)
        .map(_ -> console().resolve(ProjectPage.PATH));
  }

  /** The names of the actions it serves, those of the demo last. */
  public List<String> actions() {
    return handlers.inOrder(gateways.gateway().actions());
  }

  /**
   * The files of the folder of handlers that are not served as they are, whose errors were told.
   */
  public List<String> unserved() {
    return handlers.live().map(LiveHandlers::unserved).orElse(List.of());
  }

  /** Whether the folder of handlers that is followed has nothing in it. */
  public boolean hasEmptyFolder() {
    return handlers.live().map(LiveHandlers::isEmpty).orElse(false);
  }

  /** Has the folder of handlers read anew; false if none is followed. */
  public boolean reload() {
    handlers.live().ifPresent(LiveHandlers::reload);
    return handlers.live().isPresent();
  }

  /** After how long without a sign of its worker a job is given to another. */
  public Duration lease() {
    return new Environment(settings).positive(Setting.LEASE);
  }

  /** The gateway that runs; another one after {@link #killGateway}. */
  public Gateway gateway() {
    return gateways.gateway();
  }

  /** What goes wrong, and what can be made to. */
  public Faults faults() {
    return cloud.faults();
  }

  /** Turns the rules of what goes wrong off, or on again; whether they count now. */
  public boolean turnFaults() {
    controls.faults(!controls.faultsOn());
    return controls.faultsOn();
  }

  /** The ids of the jobs that a worker runs, the oldest run first. */
  public List<String> runningJobs() {
    return controls.running();
  }

  /**
   * Ends the worker processes of all jobs that run. When this returns, nothing of them is written
   * or pushed any more; their handlers' threads are interrupted and left to themselves.
   *
   * @return the jobs' ids
   */
  public List<String> killWorkers() {
    return controls.killWorkers(_ -> true);
  }

  /** Ends the worker process of this job in the same way; false if none runs it. */
  public boolean killWorker(String job) {
    return controls.killWorker(job);
  }

  /**
   * Ends the gateway as if its process had died: sockets are cut without a word, nothing is drained
   * and nothing of it is written or pushed any more. Returns when another one, with an id of its
   * own, takes sockets on the same port.
   */
  public void killGateway() {
    gateways.kill();
  }

  /** Cuts all sockets of a door, without a word; how many there were. */
  public int cutSockets(Door from) {
    return switch (from) {
      case DIRECT -> door.cut();
      case API_GATEWAY -> await(cloud.api().cut());
    };
  }

  /** At once, on whichever thread; what follows is done elsewhere. */
  private void kill(Sender sender) {
    CompletableFuture<?> _ =
        switch (sender.role()) {
          case WORKER -> {
            var dead = sender.kill();
            controls.cut(sender);
            yield dead;
          }
          case GATEWAY -> gateways.kill(sender);
          case OTHER -> throw new IllegalArgumentException(sender + " is no process of the stage");
        };
  }

  /**
   * Looks after the jobs that are due by now: starts what was lost, ends what is over, tells what
   * was not told. Returns when that is done; workers that it has started may still run.
   */
  public void runDue() {
    gateways.runDue();
  }

  public StreamPump pump() {
    return pump;
  }

  public LambdaEndpoint lambda() {
    return cloud.lambda();
  }

  /** The emulator behind {@link #apiGateway}. */
  public ApiGateway api() {
    return cloud.api();
  }

  /** DynamoDB, for looking at what is stored. */
  public URI dynamo() {
    return cloud.proxy().uri();
  }

  /** What gateway and worker find in their environment, for another one beside them. */
  public Map<String, String> settings() {
    return settings;
  }

  public String tablePrefix() {
    return new Environment(settings).text(Setting.TABLE_PREFIX);
  }

  public Vertx vertx() {
    return vertx;
  }

  /** Answers what is in flight and stops all parts. */
  @Override
  public void close() {
    parts.close();
  }
}

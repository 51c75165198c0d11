package io.streamer.local;

import static io.streamer.local.Parts.await;

import io.streamer.gateway.Gateway;
import io.streamer.gateway.Settings;
import io.streamer.local.apigateway.ApiGateway;
import io.streamer.local.aws.LocalAws;
import io.streamer.local.console.Console;
import io.streamer.local.lambda.LambdaEndpoint;
import io.streamer.local.stream.StreamPump;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.CreateTables;
import io.streamer.shared.store.Tables;
import io.streamer.worker.JobFunction;
import io.streamer.worker.StreamFunction;
import io.streamer.worker.Worker;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The whole of Streamer in one JVM, on loopback: the real gateway and the real worker functions,
 * and around them what AWS would be: DynamoDB Local, a stream pump, a Lambda endpoint, an object
 * store and API Gateway. Nothing in gateway or worker knows that it runs here.
 */
public final class Stage implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration CONSOLE_TOKEN_TTL = Duration.ofHours(24);
  private static final String STREAM_FUNCTION = "streamer-stream";

  private final Parts parts;
  private final Vertx vertx;
  private final Map<String, String> settings;
  private final Cloud cloud;
  private final StreamPump pump;
  private final Gateway gateway;

  private Stage(
      Parts parts,
      Vertx vertx,
      Map<String, String> settings,
      Cloud cloud,
      StreamPump pump,
      Gateway gateway) {
    this.parts = parts;
    this.vertx = vertx;
    this.settings = Map.copyOf(settings);
    this.cloud = cloud;
    this.pump = pump;
    this.gateway = gateway;
  }

  /**
   * Starts all parts; returns when sockets are taken.
   *
   * @throws PortTaken if somebody else has a port
   * @throws io.streamer.shared.settings.SettingsException if a setting is wrong
   */
  public static Stage start(StageOptions options) {
    var parts = new Parts();
    try {
      return start(options, parts);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static Stage start(StageOptions options, Parts parts) {
    var settings = StageSettings.of(options);
    var vertx = Vertx.vertx(withoutFiles());
    parts.add(() -> await(vertx.close()));
    var cloud = Cloud.start(vertx, options, settings, parts);
    cloud.addresses().forEach(settings::putIfAbsent);
    var environment = new Environment(settings);
    var tables = new Tables(environment.text("STREAMER_TABLE_PREFIX"));
    try (var client = LocalAws.dynamo(cloud.proxy().uri())) {
      CreateTables.create(client, tables);
    }

    var gatewaySettings = Settings.read(environment);
    var handlers = StageHandlers.of(options, environment, gatewaySettings);
    var worker =
        parts.add(
            new Worker(
                environment, handlers.serving()::worker, Worker.Hooks.NONE.events(options.log)));
    cloud.lambda().register(STREAM_FUNCTION, parts.add(new StreamFunction(environment)));
    cloud.lambda().register(environment.text("STREAMER_JOB_FUNCTION"), new JobFunction(worker));
    var pump =
        parts.add(
            new StreamPump(
                new StreamPump.Settings(
                    cloud.proxy().uri(),
                    cloud.lambda().uri(),
                    tables.jobs(),
                    STREAM_FUNCTION,
                    POLL)));
    pump.start();
    cloud.proxy().onWrite(pump::wake);

    parts.add(handlers.serving());
    var gateway =
        PortTaken.orElse(
            options.directPort,
            "--direct-port",
            () ->
                await(
                    Gateway.start(
                        vertx,
                        gatewaySettings,
                        handlers.serving().gateway(),
                        handlers.loader(),
                        options.log,
                        options.clock)));
    parts.add(() -> await(gateway.stop()));
    var key = DevKey.at(options.home);
    Console.mount(
        gateway,
        () -> handlers.serving().gateway(),
        gatewaySettings.threshold(),
        TokenClaims.TENANT,
        permissions ->
            key.sign(
                TokenClaims.of(
                        TokenClaims.USER,
                        TokenClaims.TENANT,
                        permissions,
                        CONSOLE_TOKEN_TTL,
                        Instant.now())
                    .all()));
    handlers.follow(gateway, parts);
    cloud
        .api()
        .backends()
        .add(URI.create("http://" + StageSettings.LOOPBACK + ":" + gateway.port()));
    // before the gateway, which then hears of the connections' end
    parts.add(() -> await(cloud.api().close()));
    return new Stage(parts, vertx, settings, cloud, pump, gateway);
  }

  static VertxOptions withoutFiles() {
    return new VertxOptions()
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  /** The direct door, as {@code ws://127.0.0.1:port/ws}. */
  public URI direct() {
    return URI.create("ws://" + StageSettings.LOOPBACK + ":" + gateway.port() + "/ws");
  }

  /** The door through API Gateway, as {@code ws://127.0.0.1:port/dev}. */
  public URI apiGateway() {
    return cloud.api().socketUri();
  }

  /** The page on which actions can be tried. */
  public URI console() {
    return URI.create("http://" + StageSettings.LOOPBACK + ":" + gateway.port() + "/");
  }

  /** The names of the actions it serves. */
  public List<String> actions() {
    return gateway.actions();
  }

  public Gateway gateway() {
    return gateway;
  }

  /**
   * Looks after the jobs that are due by now: starts what was lost, ends what is over, tells what
   * was not told. Returns when that is done; workers that it has started may still run.
   */
  public void runDue() {
    await(gateway.runDue());
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
    return new Environment(settings).text("STREAMER_TABLE_PREFIX");
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

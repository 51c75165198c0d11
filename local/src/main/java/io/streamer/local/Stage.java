package io.streamer.local;

import io.streamer.gateway.Gateway;
import io.streamer.gateway.Settings;
import io.streamer.handler.HandlerModule;
import io.streamer.local.lambda.LambdaEndpoint;
import io.streamer.local.stream.StreamPump;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.HandlerFolder;
import io.streamer.shared.store.CreateTables;
import io.streamer.shared.store.Tables;
import io.streamer.worker.JobFunction;
import io.streamer.worker.StreamFunction;
import io.streamer.worker.Worker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The whole of Streamer in one JVM, on loopback: the real gateway and the real worker functions,
 * between them DynamoDB Local, a stream pump, a Lambda endpoint and an object store. Nothing in
 * gateway or worker knows that it runs here.
 */
public final class Stage implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(15);

  private static final String BUCKET = "streamer-local";

  /** What AWS clients here sign with: the object store alone looks at it. */
  private static final String DUMMY = "local";

  private final List<AutoCloseable> opened;
  private final Vertx vertx;
  private final Gateway gateway;
  private final StreamPump pump;
  private final URI dynamo;
  private final String tablePrefix;

  /**
   * How a stage is set.
   *
   * @param home the repository: holds the development key and DynamoDB Local's jars
   * @param directPort 0 for any free one
   * @param handlers a folder of handler jars
   * @param data a folder that keeps state over restarts; without it, state lives in memory
   * @param demo whether the demo actions are served
   * @param log takes a line for each request and job event
   * @param modules handlers beside those of the folder
   * @param settings {@code STREAMER_} settings that differ from the stage's own
   */
  public record Options(
      Path home,
      int directPort,
      Optional<Path> handlers,
      Optional<Path> data,
      boolean demo,
      Consumer<String> log,
      List<HandlerModule> modules,
      Map<String, String> settings) {

    public Options(
        Path home,
        int directPort,
        Optional<Path> handlers,
        Optional<Path> data,
        boolean demo,
        Consumer<String> log) {
      this(home, directPort, handlers, data, demo, log, List.of(), Map.of());
    }
  }

  /** The port of the direct door belongs to somebody else. */
  public static final class PortTaken extends RuntimeException {
    private final int port;

    PortTaken(int port) {
      super("the port " + port + " is taken");
      this.port = port;
    }

    public int port() {
      return port;
    }
  }

  private Stage(
      List<AutoCloseable> opened,
      Vertx vertx,
      Gateway gateway,
      StreamPump pump,
      URI dynamo,
      String tablePrefix) {
    this.opened = opened;
    this.vertx = vertx;
    this.gateway = gateway;
    this.pump = pump;
    this.dynamo = dynamo;
    this.tablePrefix = tablePrefix;
  }

  /**
   * Starts all parts; returns when sockets are taken.
   *
   * @throws PortTaken if somebody else has the port
   * @throws io.streamer.shared.settings.SettingsException if a setting is wrong
   */
  public static Stage start(Options options) {
    var opened = new ArrayList<AutoCloseable>();
    try {
      return start(options, opened);
    } catch (RuntimeException e) {
      closeAll(opened);
      throw e;
    }
  }

  private static Stage start(Options options, List<AutoCloseable> opened) {
    var keys = keys(options.home());
    // the slowest part, so it starts beside the others
    var store =
        CompletableFuture.supplyAsync(
            () -> DynamoDbLocal.start(jars(options.home()), options.data()));
    var vertx =
        Vertx.vertx(
            new VertxOptions()
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    opened.add(() -> await(vertx.close()));

    var loader =
        options
            .handlers()
            .map(folder -> HandlerFolder.loader(folder, Stage.class.getClassLoader()))
            .orElseGet(Stage.class::getClassLoader);
    var own = new HashMap<>(defaults(options, keys));
    if (options.settings().containsKey("STREAMER_TOKEN_ISSUERS")) {
      // the short form, and the keys that go with it, would contradict it
      own.keySet().removeIf(name -> name.startsWith("STREAMER_TOKEN_"));
      own.remove("STREAMER_PUBLISH_KEYS");
    }
    own.putAll(options.settings());
    var modules = new ArrayList<HandlerModule>(options.modules());
    ServiceLoader.load(HandlerModule.class, loader).forEach(modules::add);

    var lambda = await(LambdaEndpoint.start(vertx));
    opened.add(() -> await(lambda.close()));
    own.put("AWS_ENDPOINT_URL_LAMBDA", lambda.uri().toString());

    var local = join(store);
    opened.add(local);
    var proxy = await(DynamoProxy.start(vertx, local.uri()));
    opened.add(() -> await(proxy.close()));
    own.put("AWS_ENDPOINT_URL_DYNAMODB", proxy.uri().toString());
    var objects =
        await(
            Objects.start(
                vertx,
                new Objects.Options(
                    BUCKET,
                    DUMMY,
                    DUMMY,
                    InstantSource.system(),
                    options.data().map(data -> data.resolve("objects")))));
    opened.add(() -> await(objects.close()));
    own.put("AWS_ENDPOINT_URL_S3", objects.uri().toString());
    var environment = new Environment(own);
    var tables = new Tables(environment.text("STREAMER_TABLE_PREFIX"));
    try (var client = client(proxy.uri())) {
      CreateTables.create(client, tables);
    }

    // each has its own instances of the handlers, as on AWS
    var worker =
        new Worker(
            environment,
            Catalogue.of(modules, environment),
            Worker.Hooks.NONE.events(options.log()));
    opened.add(worker);
    var streamFunction = new StreamFunction(environment);
    opened.add(streamFunction);
    lambda.register("streamer-stream", streamFunction);
    lambda.register("streamer-job", new JobFunction(worker));
    var pump =
        new StreamPump(
            new StreamPump.Settings(
                proxy.uri(),
                lambda.uri(),
                tables.jobs(),
                "streamer-stream",
                Duration.ofMillis(250)));
    pump.start();
    opened.add(pump);
    proxy.onWrite(pump::wake);

    var catalogue = Catalogue.of(modules, environment);
    var gateway = gateway(vertx, Settings.read(environment), catalogue, loader, options);
    opened.add(catalogue);
    opened.add(() -> await(gateway.stop()));
    return new Stage(opened, vertx, gateway, pump, proxy.uri(), tables.prefix());
  }

  private static Gateway gateway(
      Vertx vertx, Settings settings, Catalogue catalogue, ClassLoader loader, Options options) {
    try {
      return await(Gateway.start(vertx, settings, catalogue, loader, options.log()));
    } catch (CompletionException e) {
      if (e.getCause() instanceof BindException) {
        throw new PortTaken(options.directPort());
      }
      throw e;
    }
  }

  private static Map<String, String> defaults(Options options, Path keys) {
    var settings = new HashMap<String, String>();
    settings.put("STREAMER_HOST", LOOPBACK);
    settings.put("STREAMER_PORT", Integer.toString(options.directPort()));
    settings.put("STREAMER_INTERNAL_HOST", LOOPBACK);
    settings.put("STREAMER_INTERNAL_PORT", "0");
    settings.put("STREAMER_INTERNAL_ADDRESS", LOOPBACK);
    settings.put("STREAMER_INTERNAL_SECRET", UUID.randomUUID().toString());
    settings.put("STREAMER_TABLE_PREFIX", "streamer");
    settings.put("STREAMER_TOKEN_KEYS", keys.toString());
    settings.put("STREAMER_PUBLISH_KEYS", keys.toString());
    settings.put("STREAMER_TOKEN_ISSUER", DevKey.ISSUER);
    settings.put("STREAMER_TOKEN_AUDIENCE", DevKey.AUDIENCE);
    settings.put("STREAMER_JOB_FUNCTION", "streamer-job");
    settings.put("STREAMER_DEMO", Boolean.toString(options.demo()));
    settings.put("STREAMER_SHUTDOWN_GRACE", "10s");
    // short waits, so that what recovers is seen to recover
    settings.put("STREAMER_LEASE", "10s");
    settings.put("STREAMER_SUBMIT_DUE", "10s");
    settings.put("STREAMER_BUCKET", BUCKET);
    settings.put("AWS_REGION", "us-east-1");
    settings.put("AWS_ACCESS_KEY_ID", DUMMY);
    settings.put("AWS_SECRET_ACCESS_KEY", DUMMY);
    return settings;
  }

  /** The public half of the development key, where the gateway reads and serves it. */
  private static Path keys(Path home) {
    var key = DevKey.at(home);
    var file = home.resolve(".streamer/jwks.json");
    try {
      // replaced at once: another stage may be reading it
      var fresh = Files.createTempFile(file.getParent(), "jwks", ".json");
      Files.writeString(fresh, key.jwks());
      Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("the keys cannot be written to " + file, e);
    }
    return file;
  }

  private static Path jars(Path home) {
    return home.resolve("local/dynamodb-local/target/jars");
  }

  private static DynamoDbClient client(URI endpoint) {
    return DynamoDbClient.builder()
        .httpClient(UrlConnectionHttpClient.create())
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(DUMMY, DUMMY)))
        .build();
  }

  /** The direct door, as {@code ws://127.0.0.1:port/ws}. */
  public URI direct() {
    return URI.create("ws://" + LOOPBACK + ":" + gateway.port() + "/ws");
  }

  /** The names of the actions it serves. */
  public List<String> actions() {
    return gateway.actions();
  }

  public Gateway gateway() {
    return gateway;
  }

  public StreamPump pump() {
    return pump;
  }

  /** DynamoDB, for looking at what is stored. */
  public URI dynamo() {
    return dynamo;
  }

  public String tablePrefix() {
    return tablePrefix;
  }

  public Vertx vertx() {
    return vertx;
  }

  /** Answers what is in flight and stops all parts. */
  @Override
  public void close() {
    closeAll(opened);
  }

  /** In the reverse order; one that fails does not keep the others open. */
  private static void closeAll(List<AutoCloseable> opened) {
    for (var part : opened.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        org.slf4j.LoggerFactory.getLogger(Stage.class).warn("stopping", e);
      }
    }
    opened.clear();
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.orTimeout(START.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(Math.max(START.toSeconds(), STOP.toSeconds()), TimeUnit.SECONDS)
        .join();
  }
}

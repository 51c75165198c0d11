package io.streamer.local;

import static io.streamer.local.stage.StageParts.await;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.streamer.emulator.lambda.RuntimeApi;
import io.streamer.emulator.s3.Objects;
import io.streamer.emulator.stream.StreamPump;
import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageParts;
import io.streamer.local.stage.StreamerApi;
import io.streamer.local.token.DevKey;
import io.streamer.shared.push.PushSettings;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.Tables;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * One of AWS's parts as a process, for a container of its own. Takes what gateway and worker take
 * from the environment, and what is the part's own as arguments; listens on every address.
 */
public final class Container {
  private static final String ANY = "0.0.0.0";
  private static final int OBJECTS_PORT = 9000;
  private static final int LAMBDA_PORT = 9001;
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration STORE_START = Duration.ofSeconds(60);
  private static final String USAGE =
      """
      keys HOME                       makes the development key and HOME/.streamer/jwks.json
      tables                          makes the tables and ends
      objects                         S3 on port 9000
      lambda FUNCTION=PORT ...        Invoke on port 9001, each function's runtime API on its port
      stream FUNCTION                 brings the jobs table's stream to the function
      api-gateway BACKEND-URL ...     the one API of STREAMER_API_ENDPOINTS
      hint HOME                       tells where it all is, with a token
      check PORT                      exit code 0 if something listens there
      """;

  private final Environment environment;
  private final StageParts parts = new StageParts();

  private Container(Environment environment) {
    this.environment = environment;
  }

  public static void main(String[] args) throws InterruptedException {
    var part = args.length == 0 ? "" : args[0];
    var own = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    try {
      new Container(Environment.ofProcess()).run(part, own);
    } catch (SettingsException e) {
      System.err.println("streamer: " + e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.exit(1);
    }
  }

  private void run(String part, List<String> own) throws IOException, InterruptedException {
    switch (part) {
      case "keys" -> DevKey.at(Path.of(only(own))).publish(Path.of(only(own)));
      case "tables" -> tables();
      case "objects" -> objects();
      case "lambda" -> lambda(own);
      case "stream" -> stream(only(own));
      case "api-gateway" -> apiGateway(own);
      case "hint" -> hint(DevKey.at(Path.of(only(own))));
      case "check" -> new Socket(InetAddress.getLoopbackAddress(), number(only(own))).close();
      default -> throw new SettingsException("the first argument is one of\n" + USAGE);
    }
  }

  private void tables() {
    try (var client = LocalAws.dynamo(endpoint("AWS_ENDPOINT_URL_DYNAMODB"))) {
      var end = Instant.now().plus(STORE_START);
      while (true) {
        try {
          CreateTables.create(client, prefix());
          return;
        } catch (SdkClientException e) {
          // the client's own repeats are its pause: nothing answers yet
          if (Instant.now().isAfter(end)) {
            throw new SettingsException("no DynamoDB answers: " + e.getMessage());
          }
        }
      }
    }
  }

  private void objects() {
    var options =
        new Objects.Options(
            environment.text(Setting.BUCKET),
            environment.text("AWS_ACCESS_KEY_ID"),
            environment.text("AWS_SECRET_ACCESS_KEY"),
            InstantSource.system(),
            Optional.empty());
    var objects = await(Objects.start(vertx(), ANY, OBJECTS_PORT, options));
    parts.add(() -> await(objects.close()));
  }

  private void lambda(List<String> functions) {
    var vertx = vertx();
    var endpoint = await(LambdaEndpoint.start(vertx, ANY, LAMBDA_PORT));
    parts.add(() -> await(endpoint.close()));
    for (var function : functions) {
      var nameAndPort = function.split("=", 2);
      if (nameAndPort.length != 2) {
        throw new SettingsException("a function is FUNCTION=PORT, not " + function);
      }
      endpoint.register(
          nameAndPort[0], await(RuntimeApi.start(vertx, ANY, number(nameAndPort[1]))));
    }
  }

  private void stream(String function) throws InterruptedException {
    parts
        .add(
            new StreamPump(
                new StreamPump.Settings(
                    endpoint("AWS_ENDPOINT_URL_DYNAMODB"),
                    endpoint("AWS_ENDPOINT_URL_LAMBDA"),
                    prefix().jobs(),
                    function,
                    POLL)))
        .start();
    stayUntilStopped();
    // its threads are virtual and keep no process alive
    new CountDownLatch(1).await();
  }

  private void apiGateway(List<String> backends) {
    var apis = PushSettings.read(environment).apis();
    if (apis.size() != 1) {
      throw new SettingsException("the setting STREAMER_API_ENDPOINTS names one API here");
    }
    var only = apis.entrySet().iterator().next();
    var secret = environment.list(Setting.INTEGRATION_SECRET).getFirst();
    var settings =
        StreamerApi.settings(
                backends.stream().map(URI::create).toList(),
                secret,
                only.getKey().substring("api:".length()))
            .at(ANY, only.getValue().getPort(), only.getValue().getPath().substring(1));
    var api = await(StreamerApi.start(vertx(), settings, new Senders(), Faults.none()));
    parts.add(() -> await(api.close()));
  }

  private static void hint(DevKey key) {
    var claims = DevKey.claims("you", "demo", List.of(), Duration.ofHours(24), Instant.now());
    System.out.printf(
        """
        Streamer is ready
          direct       ws://127.0.0.1:8081/ws and ws://127.0.0.1:8082/ws
          api gateway  ws://127.0.0.1:8080/dev
          token        docker compose run --rm hint prints a fresh one; this is valid for 24 h:
        %1$s
          try          ./streamer request echo_async --payload '{"hello":"world"}' --follow --url ws://127.0.0.1:8080/dev --token %1$s
        """,
        key.sign(claims));
  }

  private Vertx vertx() {
    stayUntilStopped();
    var vertx = Vertx.vertx(Stage.withoutFiles());
    parts.add(() -> await(vertx.close()));
    return vertx;
  }

  /** A signal's own exit code would look like a crash to who stopped us. */
  private void stayUntilStopped() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  parts.close();
                  Runtime.getRuntime().halt(0);
                },
                "stop"));
  }

  private Tables prefix() {
    return new Tables(environment.text(Setting.TABLE_PREFIX));
  }

  private URI endpoint(String name) {
    return AwsSettings.address(name, environment.text(name));
  }

  private static String only(List<String> own) {
    if (own.size() != 1) {
      throw new SettingsException("the arguments are one of\n" + USAGE);
    }
    return own.getFirst();
  }

  private static int number(String port) {
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException _) {
      throw new SettingsException("a port is a number, not " + port);
    }
  }
}

package io.streamer.local.stage;

import static io.streamer.local.stage.StageParts.await;

import io.streamer.emulator.apigateway.ApiGateway;
import io.streamer.emulator.apigateway.Traffic;
import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.dynamo.DynamoDbLocal;
import io.streamer.emulator.dynamo.DynamoProxy;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.streamer.emulator.s3.Objects;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What AWS is to a deployment: tables, functions, objects and a WebSocket API, all on loopback.
 *
 * @param store DynamoDB Local
 * @param proxy in front of it
 * @param senders who calls it
 */
record Cloud(
    URI store,
    DynamoProxy proxy,
    LambdaEndpoint lambda,
    Objects objects,
    ApiGateway api,
    Senders senders,
    Faults faults) {

  /** Starts all; each is added to the parts. */
  static Cloud start(
      Vertx vertx,
      StageOptions options,
      Map<String, String> settings,
      Traffic traffic,
      StageParts parts) {
    // the slowest part, so it starts beside the others
    var store = CompletableFuture.supplyAsync(() -> dynamo(options));
    var senders = new Senders();
    var faults = Faults.none();
    var lambda = await(LambdaEndpoint.start(vertx, Timekeeper.system(), faults));
    parts.add(() -> await(lambda.close()));
    var objects = await(Objects.start(vertx, objects(options)));
    parts.add(() -> await(objects.close()));
    var api = api(vertx, options, settings, traffic, senders, faults);
    parts.add(() -> await(api.close()));
    var local = parts.add(await(store));
    faults.consequences().splitBy(local::splitShards);
    var proxy = await(DynamoProxy.start(vertx, local.uri(), senders, faults));
    parts.add(() -> await(proxy.close()));
    // what is held for a fault would keep the rest from ending
    parts.add(faults::clear);
    return new Cloud(local.uri(), proxy, lambda, objects, api, senders, faults);
  }

  /** Where the SDK's clients find it all. */
  Map<String, String> addresses() {
    return Map.of(
        "AWS_ENDPOINT_URL_DYNAMODB", proxy.uri().toString(),
        "AWS_ENDPOINT_URL_LAMBDA", lambda.uri().toString(),
        "AWS_ENDPOINT_URL_S3", objects.uri().toString(),
        "STREAMER_API_ENDPOINTS", StageSettings.API + "=" + api.managementUri());
  }

  private static Objects.Options objects(StageOptions options) {
    return new Objects.Options(
        StageSettings.BUCKET,
        StageSettings.DUMMY,
        StageSettings.DUMMY,
        InstantSource.system(),
        options.data.map(data -> data.resolve("objects")));
  }

  /** Without a backend until the gateway has a port. */
  private static ApiGateway api(
      Vertx vertx,
      StageOptions options,
      Map<String, String> settings,
      Traffic traffic,
      Senders senders,
      Faults faults) {
    // a gateway without this door has no secret, and is never called
    var secrets = new Environment(settings).list(Setting.INTEGRATION_SECRET);
    var secret = secrets.isEmpty() ? "none" : secrets.getFirst();
    var plain =
        StreamerApi.settings(List.of(), secret, StageSettings.API)
            .withPort(options.apiPort)
            .withTraffic(traffic);
    return PortTaken.orElse(
        options.apiPort,
        "--port",
        () -> await(StreamerApi.start(vertx, options.api.apply(plain), senders, faults)));
  }

  private static DynamoDbLocal dynamo(StageOptions options) {
    return options
        .dynamoDbLocal
        .map(jars -> DynamoDbLocal.start(jars, options.data))
        .orElseGet(() -> DynamoDbLocal.start(jars(options.home), options.data));
  }

  private static Path jars(Path home) {
    return home.resolve("local/dynamodb-local/target/jars");
  }
}

package io.streamer.emulator.apigateway;

import io.streamer.emulator.aws.ManualClock;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Senders;
import io.streamer.emulator.integration.Routes;
import io.streamer.emulator.integration.Routes.Integration;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

/** An emulator in front of one backend, with a clock of its own. */
final class Emulated implements AutoCloseable {
  /** What every route maps, as Terraform writes it. */
  static final Map<String, String> MAPPED =
      Map.of(
          "integration.request.header.connectionId", "context.connectionId",
          "integration.request.header.requestId", "context.requestId",
          "integration.request.header.eventType", "context.eventType");

  private final Vertx vertx = Vertx.vertx();
  final ManualClock clock = new ManualClock(Instant.parse("2026-11-21T00:00:00Z"));
  final Senders senders = new Senders();
  final Faults faults = Faults.none();
  final Backend backend;
  final ApiGateway gateway;
  final ApiGatewayManagementApiClient aws;

  private Emulated(UnaryOperator<ApiSettings> change) throws IOException {
    backend = new Backend();
    var settings = ApiSettings.of(List.of(backend.uri()), routes(Map.of())).withClock(clock);
    gateway =
        ApiGateway.start(vertx, change.apply(settings), PortEvents.UNTOLD, senders, faults).await();
    aws = client(gateway.managementUri());
  }

  static Emulated start() throws IOException {
    return new Emulated(settings -> settings);
  }

  static Emulated limited(Limits limits) throws IOException {
    return new Emulated(settings -> settings.withLimits(limits));
  }

  static Emulated routed(Routes routes) throws IOException {
    return new Emulated(from ->
        new ApiSettings(
            from.host(),
            from.port(),
            from.stage(),
            from.backends(),
            routes,
            from.limits(),
            from.clock()));
  }

  /** All three routes, with further mappings at {@code $connect}. */
  static Routes routes(Map<String, String> atConnect) {
    var connect = new HashMap<>(MAPPED);
    connect.putAll(atConnect);
    return new Routes(
        new Integration("/apigateway/connect", connect),
        new Integration("/apigateway/message", MAPPED),
        new Integration("/apigateway/disconnect", MAPPED));
  }

  private static ApiGatewayManagementApiClient client(URI endpoint) {
    return ApiGatewayManagementApiClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** A handshake, accepted or not. */
  RawSocket handshake(String... headers) throws IOException {
    var extra = new HashMap<String, String>();
    for (int i = 0; i < headers.length; i += 2) {
      extra.put(headers[i], headers[i + 1]);
    }
    return new RawSocket(gateway.socketUri(), extra);
  }

  /** An open connection and its id. */
  record Opened(RawSocket socket, String id) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Opens a connection; its {@code $connect} request is taken from the backend. */
  Opened open() throws IOException, InterruptedException {
    var socket = handshake();
    if (socket.status() != 101) {
      throw new AssertionError("refused with " + socket.status() + " " + socket.refusal());
    }
    var id = backend.next().header("connectionId");
    // the client has its 101 a moment before the emulator has its timers
    socket.awaitPong();
    return new Opened(socket, id);
  }

  @Override
  public void close() {
    aws.close();
    gateway.close().await();
    backend.close();
    vertx.close().await();
  }
}

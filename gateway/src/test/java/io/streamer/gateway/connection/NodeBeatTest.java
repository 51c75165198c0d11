package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.store.SdkTransport;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.table.Tables;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A task among others, over a table of which the test says what stands in it. */
class NodeBeatTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_732_152_000_000L);
  private static final int SHARDS = 16;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<List<String>> live = new AtomicReference<>(List.of());
  private volatile boolean away;
  private volatile String written = "";
  private HttpServer table;
  private DynamoDbAsyncClient client;
  private NodeBeat beat;

  @BeforeEach
  void start() throws IOException {
    table = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    table.createContext("/", this::answer);
    table.start();
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + table.getAddress().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(SdkLoops.shared()))
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    var clock = InstantSource.fixed(NOW);
    beat =
        new NodeBeat(
            vertx,
            new VertxDynamo(vertx, new SdkTransport(vertx, client)),
            new NodeCalls(new Tables("t"), clock),
            "n1",
            Duration.ofDays(1),
            clock);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    client.close();
    table.stop(0);
  }

  @Test
  void aTaskAloneLooksAfterEverything() {
    beat.start("10.0.0.1:8082").await();
    assertThat(beat.shards()).hasSize(SHARDS);
  }

  @Test
  void whatIsSharedStaysSharedWhileTheTableIsAway() {
    live.set(List.of("n1", "n2"));
    beat.start("10.0.0.1:8082").await();
    var some = beat.shards();
    assertThat(some).isNotEmpty().hasSizeLessThan(SHARDS);
    away = true;
    beat.look().await();
    assertThat(beat.shards()).isEqualTo(some);

    away = false;
    live.set(List.of("n1"));
    beat.look().await();
    assertThat(beat.shards()).hasSize(SHARDS);
  }

  @Test
  void aTaskThatLeavesLooksAfterNothingAndSaysSo() {
    beat.start("10.0.0.1:8082").await();
    assertThat(written).contains("10.0.0.1:8082").doesNotContain("leaving");
    beat.leave().await();
    assertThat(beat.shards()).isEmpty();
    assertThat(written).contains("10.0.0.1:8082").contains("leaving");
  }

  private void answer(HttpExchange exchange) throws IOException {
    var asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    var operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    var body =
        switch (operation.substring(operation.indexOf('.') + 1)) {
          case "Scan" -> new JsonObject().put("Items", items());
          case "PutItem" -> {
            written = asked;
            yield new JsonObject();
          }
          default -> throw new AssertionError(operation);
        };
    var bytes = body.toBuffer().getBytes();
    exchange.sendResponseHeaders(away ? 500 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private JsonArray items() {
    var items = new JsonArray();
    live.get().stream()
        .map(id ->
            new JsonObject()
                .put("nodeId", new JsonObject().put("S", id))
                .put("address", new JsonObject().put("S", "10.0.0.9:8082"))
                .put("beatAt", new JsonObject().put("N", Long.toString(NOW.toEpochMilli())))
                .put("beatMs", new JsonObject().put("N", "10000")))
        .forEach(items::add);
    return items;
  }
}

package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.store.Lanes;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.store.ConnectionCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.Tables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** All of a task's connections end at once, over a table that answers when the test says so. */
@Timeout(60)
class FarewellTest {
  private static final int SOCKETS = 100;
  private static final int LANES = 8;
  private static final int STORE_CONNECTIONS = 16;

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch held = new CountDownLatch(LANES);
  private final CountDownLatch answered = new CountDownLatch(1);
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private final Set<String> left = ConcurrentHashMap.newKeySet();
  private volatile boolean away;
  private HttpServer table;
  private DynamoDbAsyncClient client;
  private VertxDynamo dynamo;
  private ConnectionCalls connections;
  private Farewell farewell;

  @BeforeEach
  void start() throws IOException {
    table = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    table.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    table.createContext("/", this::answer);
    table.start();
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + table.getAddress().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(STORE_CONNECTIONS))
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    dynamo = new VertxDynamo(vertx, client);
    var clock = InstantSource.system();
    var tables = new Tables("t");
    var hour = Duration.ofHours(1);
    connections = new ConnectionCalls(tables, clock);
    farewell =
        new Farewell(
            new Lanes(vertx.getOrCreateContext(), LANES, hour),
            dynamo,
            connections,
            new SubscriptionCalls(tables, new JobLimits(hour, hour, hour), clock),
            id -> {
              left.add(id);
              return Future.succeededFuture();
            });
  }

  @AfterEach
  void stop() {
    answered.countDown();
    client.close();
    table.stop(0);
    vertx.close().await();
  }

  @Test
  void othersReachTheTablesWhileManyLeaveAndAllThatWasLeftGoes() throws Exception {
    var ids = ids();
    var said = ids.stream().map(farewell::say).toList();
    assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
    // if each took a connection to the store, there would be none for this
    assertThat(dynamo.execute(connections.find("another")).await()).isEmpty();
    assertThat(deleted).isEmpty();

    answered.countDown();
    farewell.finish(Duration.ofHours(1)).await();
    assertThat(deleted).isEqualTo(ids);
    assertThat(left).isEqualTo(ids);
    Future.all(said).await();
  }

  @Test
  void aTableThatIsAwayKeepsWhatTheyLeftAndNobodyWaiting() {
    away = true;
    answered.countDown();
    Future.all(ids().stream().map(farewell::say).toList()).await();
    assertThat(left).isEqualTo(ids());
    assertThat(deleted).isEmpty();
  }

  private static Set<String> ids() {
    return IntStream.range(0, SOCKETS).mapToObj(i -> "c" + i).collect(Collectors.toSet());
  }

  private void answer(HttpExchange exchange) throws IOException {
    var asked = new JsonObject(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    var operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    var body = new JsonObject();
    switch (operation.substring(operation.indexOf('.') + 1)) {
      case "GetItem" -> {}
      case "DeleteItem" -> {
        hold();
        if (!away) {
          deleted.add(asked.getJsonObject("Key").getJsonObject("connectionId").getString("S"));
        }
      }
      case "Query" -> {
        hold();
        body.put("Items", new JsonArray());
      }
      default -> throw new AssertionError(operation);
    }
    var bytes = body.toBuffer().getBytes();
    exchange.sendResponseHeaders(away ? 500 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void hold() {
    held.countDown();
    try {
      answered.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.store.VertxDynamo;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A table without rows behind a client of few connections; it answers when the test says so. */
final class StubTable implements AutoCloseable {
  static final int CONNECTIONS = 16;

  private final HttpServer server;
  private final DynamoDbAsyncClient client;
  private final VertxDynamo dynamo;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile boolean away;
  private volatile String heldOperations = "";
  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile CountDownLatch released = new CountDownLatch(0);

  record Asked(String operation, JsonObject body) {
    String connection() {
      return body.getJsonObject("Key").getJsonObject("connectionId").getString("S");
    }
  }

  StubTable(Vertx vertx) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(CONNECTIONS))
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    dynamo = new VertxDynamo(vertx, client);
  }

  VertxDynamo dynamo() {
    return dynamo;
  }

  /** From now on each request fails. */
  void leave() {
    away = true;
  }

  /** Answers none of these operations until {@link #release}. */
  void hold(String operations, int atLeast) {
    held = new CountDownLatch(atLeast);
    released = new CountDownLatch(1);
    heldOperations = operations;
  }

  /** Returns when so many as said are held. */
  void awaitHeld() throws InterruptedException {
    if (!held.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("they never come");
    }
  }

  void release() {
    heldOperations = "";
    released.countDown();
  }

  /** What was answered of an operation, in no order. */
  List<Asked> answered(String operation) {
    return asked.stream().filter(it -> it.operation().equals(operation)).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new JsonObject(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    var operation = target.substring(target.indexOf('.') + 1);
    if (heldOperations.contains(operation)) {
      held.countDown();
      await(released);
    }
    if (!away) {
      asked.add(new Asked(operation, body));
    }
    var rows = new JsonObject();
    if (operation.equals("Query")) {
      rows.put("Items", new JsonArray());
    }
    var bytes = rows.toBuffer().getBytes();
    exchange.sendResponseHeaders(away ? 500 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    release();
    client.close();
    server.stop(0);
  }
}

package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.streamer.gateway.store.SdkTransport;
import io.streamer.gateway.store.VertxDynamo;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A table of connections, of whose rows it knows the ids alone, behind a client of few connections;
 * it answers when the test says so.
 */
final class StubTable implements AutoCloseable {
  static final int CONNECTIONS = 16;

  private static final String TABLE = "t-connections";
  private static final String REFUSED =
      "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";

  // the SDK knows no other kind
  @SuppressWarnings("deprecation")
  private final EventLoopGroup loop = new NioEventLoopGroup(1);

  private final HttpServer server;
  private final DynamoDbAsyncClient client;
  private final VertxDynamo dynamo;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final Set<String> takenAway = ConcurrentHashMap.newKeySet();
  private final AtomicInteger leftOut = new AtomicInteger();
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
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(CONNECTIONS)
                    .eventLoopGroup(SdkEventLoopGroup.create(loop, NioSocketChannel::new)))
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    dynamo = new VertxDynamo(vertx, new SdkTransport(vertx, client));
  }

  VertxDynamo dynamo() {
    return dynamo;
  }

  /** From now on each request fails. */
  void leave() {
    away = true;
  }

  /** From now on requests are answered again. */
  void comeBack() {
    away = false;
  }

  /** Leaves so many of the next writes in batches undone, and says so. */
  void leaveOut(int writes) {
    leftOut.set(writes);
  }

  /** The connections that have a row. */
  Set<String> ids() {
    return Set.copyOf(ids);
  }

  /** The connections whose rows were taken away, there or not. */
  Set<String> takenAway() {
    return Set.copyOf(takenAway);
  }

  /** A write lands that was on its way for long. */
  void land(String id) {
    ids.add(id);
  }

  /** Takes a row away behind everybody's back. */
  void lose(String id) {
    ids.remove(id);
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
    boolean fails = away || (operation.equals("UpdateItem") && !isThere(body));
    var refusal = away ? new JsonObject() : new JsonObject().put("__type", REFUSED);
    var answer = fails ? refusal : rows(operation, body);
    if (!fails) {
      asked.add(new Asked(operation, body));
    }
    var bytes = answer.toBuffer().getBytes();
    exchange.sendResponseHeaders(away ? 500 : fails ? 400 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private boolean isThere(JsonObject update) {
    return ids.contains(id(update.getJsonObject("Key")));
  }

  private JsonObject rows(String operation, JsonObject body) {
    return switch (operation) {
      case "Query" -> new JsonObject().put("Items", new JsonArray());
      case "BatchWriteItem" -> {
        var left = new JsonArray();
        for (var write : body.getJsonObject("RequestItems").getJsonArray(TABLE)) {
          if (leftOut.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            left.add(write);
          } else {
            write((JsonObject) write);
          }
        }
        yield new JsonObject().put("UnprocessedItems", new JsonObject().put(TABLE, left));
      }
      default -> new JsonObject();
    };
  }

  private void write(JsonObject write) {
    if (write.containsKey("PutRequest")) {
      ids.add(id(write.getJsonObject("PutRequest").getJsonObject("Item")));
    } else {
      var id = id(write.getJsonObject("DeleteRequest").getJsonObject("Key"));
      ids.remove(id);
      takenAway.add(id);
    }
  }

  private static String id(JsonObject item) {
    return item.getJsonObject("connectionId").getString("S");
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
    // one that the client makes takes two seconds to end
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    server.stop(0);
  }
}

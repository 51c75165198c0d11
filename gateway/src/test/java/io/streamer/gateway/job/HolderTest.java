package io.streamer.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.action.Actions;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.connection.Delivery;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Reports;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.BlobSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.store.EventCalls;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.NewJob;
import io.streamer.shared.store.Submitted;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.store.Tables;
import io.streamer.testtools.Until;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A job held by this task, over a table whose answers come when the test says so. */
@Timeout(60)
class HolderTest {
  private static final long FAR = 1_999_999_999L;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final AtomicLong now = new AtomicLong(1_732_152_000_000L);
  private final AtomicLong aheadMs = new AtomicLong();
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get() + aheadMs.get());
  private final Reports reports = new Reports(10);
  private final AtomicInteger subscribers = new AtomicInteger();
  private final AtomicInteger queries = new AtomicInteger();
  private final CountDownLatch firstAnswer = new CountDownLatch(1);
  private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Map<String, Integer> pushesTo = new ConcurrentHashMap<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile String stuck = "";
  private volatile JsonObject row = new JsonObject();
  private HttpServer server;
  private DynamoDbAsyncClient client;
  private Pushes pushes;

  @BeforeEach
  void hold() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::table);
    server.createContext("/@connections/", this::push);
    server.start();
    var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var keys = StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(address)
            .region(Region.US_EAST_1)
            .credentialsProvider(keys)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(SdkLoops.shared()))
            .build();
    pushes =
        new Pushes(
            vertx,
            Addresses.of(Map.of("api:main", address)),
            "",
            "us-east-1",
            keys,
            Meters.unread());
    var environment = new Environment(Map.of("AWS_REGION", "us-east-1"));
    var blobs = new Blobs(BlobSettings.read(environment), AwsSettings.read(environment), clock);
    var dynamo = new VertxDynamo(vertx, client);
    var tables = new Tables("t");
    var hour = Duration.ofHours(1);
    var limits = new JobLimits(hour, hour, hour);
    var jobs = new JobCalls(tables, limits, clock);
    var notifier =
        new Notifier(
            dynamo,
            jobs,
            new EventCalls(tables),
            new SubscriptionCalls(tables, limits, clock),
            new JobResults(vertx, dynamo, jobs, new Results(blobs)),
            new Delivery(vertx, new Registry(), "node:here", pushes, clock));
    var ann = new Caller("acme", "ann", Set.of());
    var payload = RawJson.of("{}");
    var request =
        new NewJob(
            "run-1", ann, "r-1", "slow", payload, Map.of(), Optional.empty(), Optional.empty());
    var stored = ((Submitted.Stored) dynamo.execute(jobs.overran(request, 0, "")).await()).job();
    var call = new Actions(vertx, clock, blobs).prepare(ann, "r-1", payload, Map.of(), hour);
    context.runOnContext(_ ->
        new Holder(
            vertx,
            dynamo,
            jobs,
            notifier,
            hour,
            clock,
            () -> TimeUnit.MILLISECONDS.toNanos(now.get()),
            call,
            reports,
            stored));
  }

  @AfterEach
  void stop() {
    firstAnswer.countDown();
    released.countDown();
    vertx.close().await();
    client.close();
    pushes.close();
    server.stop(0);
  }

  @Test
  void ofTwoListsOfItsWatchersTheOneThatWasAskedForLastCounts() throws Exception {
    subscribers.set(1);
    lookUntil("Query 1 asked");
    subscribers.set(2);
    lookUntil("Query 2 answered");
    firstAnswer.countDown();
    lookUntil("Query 1 answered");
    lookUntil("GetItem");

    context.runOnContext(_ -> reports.report(50, "half", now.get()));
    assertThat(List.of(next(told), next(told))).containsExactlyInAnyOrder("c1", "c2");
  }

  @Test
  void whoTakesNothingKeepsNoProgressFromTheOthers() throws Exception {
    subscribers.set(2);
    lookUntil("Query 1 asked");
    firstAnswer.countDown();
    lookUntil("Query 1 answered");
    stuck = "c1";
    for (int n = 1; n <= 4; n++) {
      int percentage = 10 * n;
      context.runOnContext(_ -> reports.report(percentage, "on", now.get()));
      now.addAndGet(1_000);
      while (!next(told).equals("c2")) {
        // the one who takes nothing
      }
    }
    // one is on its way to it, and nothing waits for that
    assertThat(told).isEmpty();
    assertThat(pushesTo.get("c1")).isEqualTo(1);
    assertThat(pushesTo.get("c2")).isEqualTo(4);
  }

  @Test
  void whatCouldNotBeKeptIsKeptWithoutNewerProgress() throws Exception {
    lookUntil("GetItem");
    refusals.set(1);
    context.runOnContext(_ -> reports.report(50, "half", now.get()));
    lookUntil("UpdateItem refused");
    lookUntil("UpdateItem");
  }

  @ParameterizedTest
  @ValueSource(longs = {3_000_000, 86_400_000, -60_000, -86_400_000})
  void aClockThatIsSetKeepsNoProgressBack(long byMs) throws Exception {
    subscribers.set(1);
    firstAnswer.countDown();
    lookUntil("Query 1 answered");
    lookUntil("GetItem");
    aheadMs.set(byMs);
    for (int n = 1; n <= 3; n++) {
      int percentage = 10 * n;
      context.runOnContext(_ -> reports.report(percentage, "on", now.get()));
      assertThat(next(told)).isEqualTo("c1");
      lookUntil("UpdateItem");
    }
  }

  /** Lets seconds pass until this has happened: in each the holder looks at its row. */
  private void lookUntil(String what) {
    Until.matches(
        what,
        () -> {
          now.addAndGet(1_000);
          // a second that passed while a look was under way has none of its own
          return done.poll(100, TimeUnit.MILLISECONDS);
        },
        what::equals);
  }

  private static String next(BlockingQueue<String> queue) throws InterruptedException {
    return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "nothing comes");
  }

  private void push(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    var path = exchange.getRequestURI().getPath();
    var connection = path.substring(path.lastIndexOf('/') + 1);
    pushesTo.merge(connection, 1, Integer::sum);
    told.add(connection);
    if (connection.equals(stuck)) {
      await(released);
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private void table(HttpExchange exchange) throws IOException {
    var asked = new JsonObject(Buffer.buffer(exchange.getRequestBody().readAllBytes()));
    var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    var operation = target.substring(target.indexOf('.') + 1);
    if (operation.equals("UpdateItem") && refusals.getAndDecrement() > 0) {
      exchange.sendResponseHeaders(400, -1);
      exchange.close();
      done.add("UpdateItem refused");
      return;
    }
    var name = operation.equals("Query") ? "Query " + queries.incrementAndGet() : operation;
    var answer =
        switch (operation) {
          case "PutItem" -> {
            row = asked.getJsonObject("Item");
            yield new JsonObject();
          }
          case "GetItem" -> new JsonObject().put("Item", watched());
          case "UpdateItem" -> new JsonObject().put("Attributes", watched());
          case "Query" -> new JsonObject().put("Items", subscriptions(name));
          default -> throw new AssertionError(operation);
        };
    var bytes = answer.toBuffer().getBytes();
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
    done.add(operation.equals("Query") ? name + " answered" : name);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private JsonObject watched() {
    return row.copy().put("watch", new JsonObject().put("N", subscribers.toString()));
  }

  private JsonArray subscriptions(String query) {
    int count = subscribers.get();
    if (query.equals("Query 1")) {
      done.add("Query 1 asked");
      await(firstAnswer);
    }
    var items = new JsonArray();
    for (int i = 1; i <= count; i++) {
      items.add(
          new JsonObject()
              .put("topic", text("job#j"))
              .put("connectionId", text("c" + i))
              .put("endpoint", text("api:main"))
              .put("expiresAt", new JsonObject().put("N", Long.toString(FAR)))
              .put("tenant", text("acme"))
              .put("user", text("bob"))
              .put("frames", new JsonObject().put("L", new JsonArray().add(text("PROGRESS")))));
    }
    return items;
  }

  private static JsonObject text(String value) {
    return new JsonObject().put("S", value);
  }
}

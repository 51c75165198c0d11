package io.streamer.gateway.apigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.ConnectionRows;
import io.streamer.gateway.store.CacheLog;
import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.SdkTransport;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.shared.table.Tables;
import io.streamer.shared.time.Clocks;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
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
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Connections are looked up in a table that is away now and then. */
@Timeout(60)
class ApiDirectoryTest {
  private static final String THERE =
      """
      {"Item": {
        "connectionId": {"S": "c1="}, "tenant": {"S": "acme"}, "user": {"S": "ann"},
        "permissions": {"L": []}, "endpoint": {"S": "api:main"}, "sourceAddress": {"S": ""},
        "userAgent": {"S": ""}, "connectedAt": {"N": "1"}, "lastSeenAt": {"N": "1"},
        "tokenExpiresAt": {"N": "9000000000000"}, "expiresAt": {"N": "9000000000"}}}
      """;
  private static final String NOT_THERE = "{}";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final AtomicInteger asked = new AtomicInteger();
  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private volatile Optional<String> answer = Optional.of(THERE);
  private HttpServer table;
  private DynamoDbAsyncClient client;
  private ApiDirectory directory;

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
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(SdkLoops.shared()))
            .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    InstantSource clock = () -> Instant.ofEpochMilli(now.get());
    var dynamo = new VertxDynamo(vertx, new SdkTransport(vertx, client));
    var tables = new Tables("test");
    var calls = new ConnectionCalls(tables, clock);
    var hour = Duration.ofHours(1);
    var context = vertx.getOrCreateContext();
    var lanes = new Limiter(context, 1, hour);
    var farewell =
        new ConnectionCleanup(
            new ConnectionRows(context, dynamo, calls, hour, Clocks.of(clock)),
            lanes,
            _ -> Future.succeededFuture(),
            lanes,
            dynamo,
            new SubscriptionCalls(tables, new JobLimits(hour, hour, hour), clock),
            clock);
    directory = new ApiDirectory(vertx, dynamo, calls, farewell, hour, clock);
  }

  @AfterEach
  void stop() {
    client.close();
    table.stop(0);
    vertx.close().await();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var call = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (exchange.getRequestHeaders().getFirst("X-Amz-Target").endsWith(".UpdateItem")) {
        written.add(call);
      }
      var body = answer.orElse("{\"__type\":\"InternalServerError\"}").getBytes(UTF_8);
      asked.incrementAndGet();
      exchange.sendResponseHeaders(answer.isPresent() ? 200 : 500, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void whatCannotBeLookedUpIsAskedForAgainAndWritesNoStack(int times) {
    try (var log = new CacheLog()) {
      answer = Optional.empty();
      for (int i = 0; i < times; i++) {
        assertThatThrownBy(this::found).isInstanceOf(StoreUnavailableException.class);
      }
      answer = Optional.of(THERE);
      Until.matches("the table is asked again", () -> directory.find("c1="), Future::succeeded);
      assertThat(log.told()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9})
  void whileTheTableIsAwayWhatIsRememberedCounts(int minutes) {
    assertThat(found()).isTrue();
    assertThat(found()).isTrue();
    assertThat(asked).hasValue(1);
    try (var log = new CacheLog()) {
      answer = Optional.empty();
      now.addAndGet(Duration.ofMinutes(minutes).plusSeconds(1).toMillis());
      assertThat(found()).isTrue();
      Until.matches("it is looked up again", asked::get, count -> count > 1);
      assertThat(found()).isTrue();
      assertThat(log.told()).isEmpty();
    }
  }

  @Test
  void aConnectionThatHasEndedIsNoticedWithinTwoMinutes() {
    assertThat(found()).isTrue();
    answer = Optional.of(NOT_THERE);
    assertThat(found()).isTrue();
    now.addAndGet(61_000);
    Until.matches("it is gone", this::found, found -> !found);
  }

  @Test
  void howeverOftenOneIsHeardOfItsRowIsWrittenAQuarterOfAnHourApart() {
    long first = now.get();
    for (int minute = 0; minute <= 15; minute++) {
      now.set(first + Duration.ofMinutes(minute).toMillis());
      var known = directory.find("c1=").await().orElseThrow();
      directory.seen(known);
      directory.seen(known);
      // as a later look has it
      answer = Optional.of(THERE.replace("lastSeenAt\": {\"N\": \"1\"", seenAt(first)));
    }
    Until.holds("it is written again", () -> written.size() > 1);
    assertThat(written)
        .satisfiesExactly(
            call -> assertThat(call).contains("\"" + first + "\""),
            call -> assertThat(call).contains("\"" + (first + 900_000) + "\""));
  }

  private static String seenAt(long when) {
    return "lastSeenAt\": {\"N\": \"" + when + "\"";
  }

  private boolean found() {
    return directory.find("c1=").await().isPresent();
  }
}

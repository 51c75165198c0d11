package io.streamer.gateway.apigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.Clients;
import io.streamer.gateway.action.Actions;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.ConnectionRows;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.routing.Router;
import io.streamer.gateway.signal.FaultyCounters;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.OneRow;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Tables;
import io.streamer.shared.time.Clocks;
import io.streamer.shared.trace.Traces;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Messages at which something is thrown where nobody reckons with it: each is answered as our own
 * fault, and what it took is free.
 */
@Timeout(60)
class FailingMessagesTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final OneRow row = new OneRow(vertx);
  private final FaultyCounters in = new FaultyCounters("in");
  private final FaultyCounters out = new FaultyCounters("out");
  private final AtomicReference<@Nullable Throwable> atNextExchange = new AtomicReference<>();
  private final InstantSource clock = InstantSource.system();
  private Pushes pushes;
  private Messages messages;

  /** Where something is thrown. */
  enum Place {
    /** Noting that its connection was heard of. */
    SEEN,
    EXCHANGE,
    /** Counting that it came. */
    ROUTER,
    /** Counting the answer. */
    ANSWER
  }

  @BeforeEach
  void start() {
    var keys = StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));
    pushes =
        new Pushes(
            vertx,
            Addresses.of(Map.of()),
            Clients.push(vertx, Transport.LEAN, () -> "", "us-east-1", keys),
            Meters.unread());
    var dynamo = new VertxDynamo(vertx, row);
    var tables = new Tables("test");
    var calls = new ConnectionCalls(tables, clock);
    // heard of long ago: each message has that noted
    dynamo.execute(calls.put(heardOfAt(clock.millis() - HOUR.toMillis()))).await();
    var context = vertx.getOrCreateContext();
    var lanes = new Limiter(context, 1, HOUR);
    var farewell =
        new ConnectionCleanup(
            new ConnectionRows(context, dynamo, calls, HOUR, Clocks.of(clock)),
            lanes,
            _ -> Future.succeededFuture(),
            lanes,
            dynamo,
            new SubscriptionCalls(tables, new JobLimits(HOUR, HOUR, HOUR), clock),
            clock);
    var terms = Integrations.terms(1_024, "test");
    var answers = new FrameSignals(new Meters(out));
    messages =
        new Messages(
            vertx,
            new ApiDirectory(vertx, dynamo, calls, farewell, HOUR, clock),
            new Router(
                new Actions(vertx, clock, null),
                new Router.Jobs(null, null, null, null, null),
                Duration.ofSeconds(5),
                new FrameSignals(new Meters(in)),
                Traces.NONE,
                clock,
                _ -> {}),
            known -> {
              FaultyCounters.fail(atNextExchange);
              return new Exchange(known, terms, null, answers, clock);
            },
            pushes,
            new Messages.Bounds(1, 1, Duration.ofSeconds(27), 1_024),
            clock);
  }

  private static ConnectionRow heardOfAt(long heard) {
    long later = heard + HOUR.toMillis() * 10;
    return new ConnectionRow(
        "c1=", "acme", "ann", Set.of(), "api:main", "", "", heard, heard, later, later / 1_000);
  }

  @AfterEach
  void stop() {
    pushes.close();
    vertx.close().await();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
            new StackOverflowError("secret"),
            new NoClassDefFoundError("com/secret/Thing"),
            new IllegalStateException("secret"))
        .flatMap(thrown -> Stream.of(Place.values()).map(place -> Arguments.of(place, thrown)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isAnsweredByItsIdAndKeepsNoPlace(Place place, Throwable thrown) {
    switch (place) {
      case SEEN -> row.failNextUpdate(thrown);
      case EXCHANGE -> atNextExchange.set(thrown);
      case ROUTER -> in.failNext(thrown);
      case ANSWER -> out.failNext(thrown);
    }
    var answer = await(take("r-1"));
    assertThat(answer.getString("request_id")).isEqualTo("r-1");
    assertThat(answer.getJsonObject("error").getString("code")).isEqualTo("INTERNAL_ERROR");
    assertThat(answer.encode()).doesNotContain("secret");
    Until.holds("nothing is under way", messages::idle);
    // there is one place, of all and of this connection
    assertThat(await(take("r-2")).getString("type")).isEqualTo("pong");
    Until.holds("nothing is under way", messages::idle);
  }

  private Future<JsonObject> take(String id) {
    var mapped =
        new MappedHeaders(
            MultiMap.caseInsensitiveMultiMap()
                .add(Mapping.CONNECTION.header(), "c1=")
                .add(Mapping.API_HEADER, "main"));
    var sent = Promise.<JsonObject>promise();
    var message = "{\"type\":\"ping\",\"id\":\"" + id + "\"}";
    vertx.runOnContext(_ ->
        messages.take(
            mapped,
            message.getBytes(UTF_8),
            body -> {
              sent.complete(new JsonObject(Buffer.buffer(body)));
              return Future.succeededFuture();
            }));
    return sent.future();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

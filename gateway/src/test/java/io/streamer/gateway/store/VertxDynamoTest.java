package io.streamer.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.directory.NodeCalls;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.shared.table.Tables;
import io.streamer.testtools.Until;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/** In which order what clients ask for gets to the store. */
@Timeout(60)
class VertxDynamoTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final NodeCalls calls = new NodeCalls(new Tables("t"), InstantSource.system());
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Answering client = new Answering();

  /** A store that answers when the test says so. */
  private static final class Answering implements DynamoDbAsyncClient {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<CompletableFuture<GetItemResponse>> answers = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
      var answer = new CompletableFuture<GetItemResponse>();
      answers.add(answer);
      asked.add(request.key().get("nodeId").s());
      return answer;
    }

    void answer(int nth) {
      answers.get(nth).complete(GetItemResponse.builder().build());
    }

    void fail(int nth) {
      answers.get(nth).completeExceptionally(new IllegalStateException("broken"));
    }

    @Override
    public String serviceName() {
      return "dynamodb";
    }

    @Override
    public void close() {}
  }

  private final Timer waits = Meters.unread().timer(Metric.STORE_WAIT);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 1_000})
  void oneThatAsksForManyThingsKeepsNoOtherWaiting(int things) {
    var store = new VertxDynamo(vertx, new SdkTransport(vertx, client));
    for (int i = 0; i < things; i++) {
      ask(store, "greedy", "g" + i);
    }
    var other = ask(store, "other", "o");
    Until.holds("it is asked for", () -> client.asked.contains("o"));
    assertThat(client.asked).hasSize(17);
    client.answer(16);
    assertThat(other.await()).isEmpty();
  }

  @Test
  void whereLanesAreShortConnectionsTakeTurns() {
    var store =
        new VertxDynamo(
            vertx, new SdkTransport(vertx, client), new ConnectionLanes(2, 2, 1_000), HOUR, waits);
    for (int i = 0; i < 10; i++) {
      ask(store, "greedy", "g" + i);
    }
    ask(store, "other", "o");
    ask(store, "third", "t");
    settled();
    assertThat(client.asked).containsExactly("g0", "g1");
    // whatever comes of them
    client.fail(1);
    Until.holds("a turn is taken", () -> client.asked.size() == 3);
    client.answer(0);
    Until.holds("a turn is taken", () -> client.asked.size() == 4);
    client.answer(2);
    Until.holds("a turn is taken", () -> client.asked.size() == 5);
    assertThat(client.asked).containsExactly("g0", "g1", "o", "t", "g2");
  }

  @Test
  void whatTheTaskDoesByItselfWaitsBehindNoClient() {
    var store =
        new VertxDynamo(
            vertx, new SdkTransport(vertx, client), new ConnectionLanes(1, 1, 1_000), HOUR, waits);
    ask(store, "one", "c0");
    ask(store, "two", "c1");
    var own = on(() -> store.execute(calls.find("own")));
    settled();
    assertThat(client.asked).containsExactly("c0", "own");
    client.answer(1);
    assertThat(own.await()).isEmpty();
  }

  @Test
  void whoWaitsForTooLongIsToldAndLeavesItsTurnToOthers() {
    var store =
        new VertxDynamo(
            vertx,
            new SdkTransport(vertx, client),
            new ConnectionLanes(1, 1, 1_000),
            Duration.ofMillis(1),
            waits);
    ask(store, "one", "c0");
    var two = ask(store, "two", "c1");
    assertThat(two.otherwiseEmpty().await()).isNull();
    assertThat(two.cause()).isInstanceOf(NotAskedException.class);
    client.answer(0);
    Until.holds(
        "the lane is free",
        () -> {
          ask(store, "three", "c2");
          return client.asked.contains("c2");
        });
    assertThat(client.asked).doesNotContain("c1");
  }

  @Test
  void whoseFirstPartWasAskedForMayHaveDoneSomething() {
    var lanes = new ConnectionLanes(1, 1, 1_000);
    var transport = new SdkTransport(vertx, client);
    var hasty = new VertxDynamo(vertx, transport, lanes, Duration.ofMillis(1), waits);
    var patient = new VertxDynamo(vertx, transport, lanes, HOUR, waits);
    var one = on(() -> hasty.execute("one", calls.find("c0").then(_ -> calls.find("c1"))));
    settled();
    ask(patient, "two", "c2");
    settled();
    // the lane goes to the other one
    client.answer(0);
    assertThat(one.otherwiseEmpty().await()).isNull();
    assertThat(client.asked).containsExactly("c0", "c2");
    assertThat(one.cause())
        .isInstanceOf(StoreUnavailableException.class)
        .isNotInstanceOf(NotAskedException.class);
  }

  @Test
  void whatHadToWaitIsMeasuredAndNothingElse() {
    var store =
        new VertxDynamo(
            vertx, new SdkTransport(vertx, client), new ConnectionLanes(1, 1, 1_000), HOUR, waits);
    ask(store, "one", "c0");
    settled();
    ask(store, "two", "c1");
    settled();
    assertThat(waits.count()).isZero();
    client.answer(0);
    Until.holds("it had its turn", () -> client.asked.contains("c1"));
    assertThat(waits.count()).isEqualTo(1);
    assertThat(waits.totalTime(TimeUnit.NANOSECONDS)).isPositive();
  }

  private Future<Optional<NodeCalls.Node>> ask(VertxDynamo store, String connection, String id) {
    return on(() -> store.execute(connection, calls.find(id)));
  }

  private void settled() {
    on(Future::succeededFuture).await();
  }

  private <T> Future<T> on(java.util.function.Supplier<Future<T>> work) {
    return Future.future(done -> context.runOnContext(_ -> work.get().onComplete(done)));
  }
}

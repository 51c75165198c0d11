package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.store.Ownership;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.testtools.Until;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whoever subscribed gets what it asked for, and nobody waits for the others. */
@Timeout(60)
class JobSubscribersTest extends WorkerFixture {
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private final CountDownLatch more = new CountDownLatch(1);

  @Test
  void eachSubscriberGetsTheKindsItAskedFor() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(40, "begun");
          run.emit("row", Map.of("n", 1));
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    subscribe(id, "all", ALL);
    subscribe(id, "bar", Set.of(Kind.PROGRESS));
    subscribe(id, "log", Set.of(Kind.EVENT));
    subscribe(id, "end", Set.of(Kind.TERMINAL));
    var invocation = start(id);
    var frames = new ArrayList<PushTarget.Frame>();
    for (int i = 0; i < 6; i++) {
      frames.add(node.next());
    }
    release.countDown();
    invocation.get();
    frames.addAll(node.all());

    assertThat(types(frames, "c1")).containsExactly("progress", "event", "progress", "complete");
    assertThat(types(frames, "all")).containsExactly("progress", "event", "progress", "complete");
    assertThat(types(frames, "bar")).containsExactly("progress", "progress");
    assertThat(types(frames, "log")).containsExactly("event");
    assertThat(types(frames, "end")).containsExactly("complete");
    assertThat(Ownership.told(find(id))).isTrue();
  }

  @Test
  void kindsOfANewerVersionAreIgnored() throws Exception {
    behaviour =
        (_, run) -> {
          run.emit("row", Map.of("n", 1));
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    subscribe(id, "some", ALL);
    subscribe(id, "none", ALL);
    wants(id, "some", "EVENT", "MOOD");
    wants(id, "none", "MOOD");
    run(id);

    var frames = node.all();
    assertThat(types(frames, "c1")).containsExactly("event", "progress", "complete");
    assertThat(types(frames, "some")).containsExactly("event");
    assertThat(types(frames, "none")).isEmpty();
    assertThat(Ownership.told(find(id))).isTrue();
  }

  /** As a newer version may have stored it. */
  private static void wants(JobId id, String connection, String... kinds) {
    client.updateItem(update ->
        update
            .tableName(TABLES.subscriptions())
            .key(
                Map.of(
                    "topic", AttributeValue.fromS(SubscriptionCalls.topic(id)),
                    "connectionId", AttributeValue.fromS(connection)))
            .updateExpression("SET frames = :kinds")
            .expressionAttributeValues(
                Map.of(
                    ":kinds",
                    AttributeValue.fromL(Stream.of(kinds).map(AttributeValue::fromS).toList()))));
  }

  @Test
  void whoSubscribesWhileItRunsGetsTheNewestProgressAndAllThatFollows() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(40, "begun");
          release.await();
          run.emit("row", Map.of("n", 1));
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    var first = node.next();
    subscribe(id, "late", ALL);
    time.advance(Duration.ofSeconds(1));
    var newest = node.next();
    assertThat(newest.connection()).isEqualTo("late");
    assertThat(newest.json().getLong("seq")).isEqualTo(first.json().getLong("seq"));
    release.countDown();
    invocation.get();
    assertThat(types(node.all(), "late")).containsExactly("event", "progress", "complete");
  }

  @Test
  void whoUnsubscribesGetsNothingMore() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(40, "begun");
          more.await();
          run.progress(50, "on");
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}", Optional.empty());
    subscribe(id, "left", ALL);
    subscribe(id, "stays", ALL);
    var invocation = start(id);
    node.next();
    node.next();
    execute(subscriptions.unsubscribe(id, "acme", "left"));
    time.advance(Duration.ofSeconds(1));
    more.countDown();
    assertThat(node.next().connection()).isEqualTo("stays");
    release.countDown();
    invocation.get();
    assertThat(node.all()).extracting(PushTarget.Frame::connection).containsOnly("stays");
  }

  @ParameterizedTest
  @CsvSource({"1, false", "0, true", "-1, true", "-30000, true"})
  void fromTheSecondOfItsTokensEndOnAConnectionIsClosedAndTheOthersGoOn(long left, boolean over)
      throws Exception {
    var until = time.millis() / 1_000 + 5;
    behaviour =
        (_, run) -> {
          run.progress(10, "begun");
          more.await();
          run.emit("row", Map.of("n", 1));
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}", Optional.of(new Route("c1", "node:n1", until)));
    subscribe(id, "stays", ALL);
    execute(
        subscriptions.subscribe(
            find(id), CALLER, new Route("ends", "node:n1", until), Set.of(Kind.EVENT)));
    var invocation = start(id);
    assertThat(List.of(node.next().connection(), node.next().connection()))
        .containsExactlyInAnyOrder("c1", "stays");
    time.advance(Duration.ofMillis(until * 1_000 - left - time.millis()));
    more.countDown();
    var having = over ? List.of("stays") : List.of("c1", "stays", "ends");
    for (int i = 0; i < having.size(); i++) {
      assertThat(node.next().connection()).isIn(having);
    }
    if (over) {
      assertThat(List.of(node.nextClosed(), node.nextClosed()))
          .containsExactlyInAnyOrder("c1", "ends");
      Until.matches("its row goes", () -> subscribers(id), rest -> rest.equals(List.of("stays")));
    }
    release.countDown();
    timePassesUntilDone(invocation, Duration.ofMillis(100));

    var rest = node.all();
    assertThat(types(rest, "stays")).containsExactly("progress", "complete");
    if (over) {
      assertThat(rest).extracting(PushTarget.Frame::connection).containsOnly("stays");
    }
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(Ownership.told(find(id))).isTrue();
  }

  @Test
  void aSubscriberThatHasGoneIsForgotten() throws Exception {
    var id = submit("persist", "{}");
    node.answer("gone", 410);
    node.answer("deaf", 503);
    subscribe(id, "gone", ALL);
    subscribe(id, "deaf", ALL);
    timePassesUntilDone(start(id), Duration.ofSeconds(1));

    // the end was not told to all: nothing else has taken it away
    assertThat(subscribers(id)).containsExactly("deaf");
  }

  @Test
  void behindTheEndNobodyIsSubscribedAnyMore() throws Exception {
    var id = submit("persist", "{}");
    for (int i = 0; i < 40; i++) {
      subscribe(id, "s" + i, ALL);
    }
    run(id);
    assertThat(subscribers(id)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "other"})
  void anEndWhoseSubscriptionsAreNotAllTakenAwayStaysDue(String stays) throws Exception {
    worker.close();
    try (var tables = new FaultyStore(server.uri())) {
      worker = worker(tables.uri());
      var id = submit("persist", "{}");
      subscribe(id, "one", ALL);
      subscribe(id, "other", ALL);
      tables.when(List.of("DeleteItem", "\"" + stays + "\""), () -> false);
      run(id);

      assertThat(tables.met()).isPositive();
      assertThat(types(node.all(), stays)).containsExactly("progress", "complete");
      assertThat(Ownership.told(find(id))).isFalse();
    }
  }

  @Test
  void anEndThatOneSubscriberCouldNotBeToldStaysDue() throws Exception {
    var id = submit("persist", "{}");
    node.answer("deaf", 503);
    subscribe(id, "deaf", ALL);
    subscribe(id, "stays", ALL);
    timePassesUntilDone(start(id), Duration.ofSeconds(1));

    var frames = node.all();
    assertThat(types(frames, "c1")).containsExactly("progress", "complete");
    assertThat(types(frames, "stays")).containsExactly("progress", "complete");
    assertThat(Ownership.told(find(id))).isFalse();
    assertThat(subscribers(id)).containsExactlyInAnyOrder("deaf", "stays");
  }

  @Test
  void aDeafSubscriberDoesNotKeepProgressFromTheOthers() throws Exception {
    node.answer("deaf", 503);
    behaviour =
        (_, run) -> {
          run.progress(40, "begun");
          more.await();
          run.progress(50, "on");
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    subscribe(id, "deaf", ALL);
    var invocation = start(id);
    assertThat(List.of(node.next().connection(), node.next().connection()))
        .containsExactlyInAnyOrder("c1", "deaf");
    more.countDown();
    time.advance(Duration.ofMillis(101));
    var next = node.next();
    assertThat(next.connection()).isEqualTo("c1");
    assertThat(next.json().getString("message")).isEqualTo("on");
    release.countDown();
    timePassesUntilDone(invocation, Duration.ofSeconds(1));
  }

  @Test
  void fiveHundredSubscribersAreServedSideBySideAndInOrder() throws Exception {
    behaviour =
        (_, run) -> {
          for (int n = 1; n <= 5; n++) {
            run.emit("row", Map.of("n", n));
            run.progress(10 * n, "row " + n);
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    for (int i = 0; i < 500; i++) {
      subscribe(id, "s" + i, ALL);
    }
    node.hold();
    var invocation = start(id);
    Until.matches("32 frames wait", node::waiting, waiting -> waiting >= 32);
    node.letGo();
    timePassesUntilDone(invocation, Duration.ofMillis(20));

    assertThat(node.mostAtOnce()).isEqualTo(32);
    assertThat(Ownership.told(find(id))).isTrue();
    var frames = node.all();
    for (int i = 0; i < 500; i++) {
      var connection = "s" + i;
      var theirs = frames.stream().filter(frame -> frame.connection().equals(connection)).toList();
      assertThat(theirs).extracting(frame -> frame.json().getLong("seq")).isSorted();
      assertThat(Applied.of(theirs).ns()).containsExactly(1, 2, 3, 4, 5);
      assertThat(Applied.of(theirs).types()).endsWith("progress", "complete");
    }
  }

  private List<String> subscribers(JobId id) {
    return execute(subscriptions.byTopic(SubscriptionCalls.topic(id))).stream()
        .map(subscription -> subscription.route().connection())
        .toList();
  }

  private static List<String> types(List<PushTarget.Frame> frames, String connection) {
    return frames.stream()
        .filter(frame -> frame.connection().equals(connection))
        .map(frame -> frame.json().getString("type"))
        .toList();
  }
}

package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame.Event;
import io.streamer.shared.store.event.EventCalls;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler emits is stored, then sent, in order, each once. */
@Timeout(60)
class JobEventsTest extends WorkerFixture {
  private static final int PLENTY = 100_000_000;

  @Test
  void eventsComeInTheirOrderBeforeTheEndAndAreStored() throws Exception {
    behaviour =
        (_, run) -> {
          for (int i = 1; i <= 500; i++) {
            run.emit("row", Map.of("n", i));
            run.progress(i / 5.0, "row " + i);
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    timePassesUntilDone(start(id), Duration.ofMillis(50));

    var frames = node.all();
    assertThat(frames).extracting(frame -> frame.json().getLong("seq")).isSorted();
    assertThat(ns(frames)).isEqualTo(upTo(500));
    assertThat(frames.getLast().json()).contains(Map.entry("type", "complete"));
    assertThat(stored(id)).isEqualTo(upTo(500));
  }

  @Test
  void theFirstEventComesAtOnceAndLaterOnesInGroups() throws Exception {
    var more = new CountDownLatch(1);
    behaviour =
        (_, run) -> {
          run.emit("row", Map.of("n", 1));
          more.await();
          run.emit("row", Map.of("n", 2));
          run.emit("row", Map.of("n", 3));
          run.progress(50, "behind them");
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    assertThat(node.next().json()).contains(Map.entry("name", "row"));
    more.countDown();
    assertThat(node.next().json()).contains(Map.entry("message", "behind them"));
    time.advance(Duration.ofMillis(250));
    var group = List.of(node.next(), node.next());
    assertThat(ns(group)).containsExactly(2, 3);
    release.countDown();
    invocation.get();
    assertThat(find(id).eventSeq()).isEqualTo(group.getLast().json().getLong("seq"));
  }

  @Test
  void noMoreIsStoredWhileTheLastEventsHaveNotArrived() throws Exception {
    node.answer(503);
    behaviour =
        (_, run) -> {
          run.emit("row", Map.of("n", 1));
          run.emit("row", Map.of("n", 2));
          run.emit("row", Map.of("n", 3));
          calls.incrementAndGet();
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    node.next();
    untilCalled(2);
    var after = find(id).eventSeq();
    for (int i = 0; i < 5; i++) {
      frameInTime();
    }
    assertThat(find(id).eventSeq()).isEqualTo(after);
    node.answer(200);
    release.countDown();
    timePassesUntilDone(invocation, Duration.ofSeconds(1));
    assertThat(stored(id)).isEqualTo(upTo(3));
    assertThat(ns(node.all())).endsWith(2, 3);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
  }

  @Test
  void aHandlerThatEmitsFasterThanIsStoredWaits() throws Exception {
    node.answer(503);
    behaviour =
        (_, run) -> {
          for (int i = 1; i <= 2_500; i++) {
            run.emit("row", Map.of("n", i));
            calls.incrementAndGet();
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    node.next();
    for (int i = 0; i < 5; i++) {
      frameInTime();
    }
    // one chunk is stored, and what may wait is bounded
    assertThat(calls.get()).isLessThan(2_500);
    node.answer(200);
    timePassesUntilDone(invocation, Duration.ofMillis(100));
    assertThat(stored(id)).isEqualTo(upTo(2_500));
  }

  @Test
  void largeEventsAreStoredInPiecesThatTheStoreTakes() throws Exception {
    var text = "x".repeat(60_000);
    behaviour =
        (_, run) -> {
          for (int i = 1; i <= 30; i++) {
            run.emit("row", Map.of("n", i, "text", text));
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    timePassesUntilDone(start(id), Duration.ofMillis(50));
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(stored(id)).isEqualTo(upTo(30));
  }

  @Test
  void aConnectionThatHasGoneHoldsUpNoEvents() throws Exception {
    node.answer(410);
    behaviour =
        (_, run) -> {
          for (int i = 1; i <= 10; i++) {
            run.emit("row", Map.of("n", i));
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    timePassesUntilDone(start(id), Duration.ofMillis(50));
    assertThat(node.all()).hasSize(1);
    assertThat(stored(id)).isEqualTo(upTo(10));
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void aNodeThatNobodyHearsOfHoldsUpNoEvents() throws Exception {
    behaviour =
        (_, run) -> {
          run.emit("row", Map.of("n", 1));
          run.emit("row", Map.of("n", 2));
          return RawJson.of("{}");
        };
    var id =
        submit(
            "persist", "{}", Optional.of(new Route("c1", "node:never", time.millis() + 3_600_000)));
    timePassesUntilDone(start(id), Duration.ofMillis(50));
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(stored(id)).isEqualTo(upTo(2));
    assertThat(find(id).dueAt()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"event#", "eventSeq", "checkpoint#", "SUCCEEDED"})
  void aWriteWhoseAnswersAreLostHappensOnceAndIsToldOnce(String word) throws Exception {
    worker.close();
    try (var tables = new FaultyStore(server.uri())) {
      worker = worker(tables.uri());
      // more often than the client itself tries again
      tables.when(List.of(word), () -> tables.met() > 12);
      behaviour =
          (_, run) -> {
            run.emit("row", Map.of("n", 1));
            run.progress(50, "half");
            run.checkpoint("half");
            run.emit("row", Map.of("n", 2));
            return RawJson.of("{}");
          };
      var id = submit("persist", "{}");
      timePassesUntilDone(start(id), Duration.ofMillis(50));
      assertThat(tables.met()).isGreaterThan(12);
      var frames = node.all();
      assertThat(frames).extracting(frame -> frame.json().getLong("seq")).isSorted();
      assertThat(frames.stream().filter(frame -> frame.json().containsKey("result"))).hasSize(1);
      assertThat(ns(frames)).isEqualTo(upTo(2));
      assertThat(stored(id)).isEqualTo(upTo(2));
      assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
      assertThat(calls).hasValue(1);
    }
  }

  private static List<Integer> upTo(int n) {
    return IntStream.rangeClosed(1, n).boxed().toList();
  }

  /** The numbers in the events among these frames. */
  private static List<Integer> ns(List<PushTarget.Frame> frames) {
    return frames.stream()
        .map(PushTarget.Frame::json)
        .filter(json -> json.getString("type").equals("event"))
        .map(json -> json.getJsonObject("data").getInteger("n"))
        .toList();
  }

  /** The numbers in the events that a client would be given again. */
  private List<Integer> stored(JobId id) {
    return execute(new EventCalls(TABLES).after(find(id), 0, PLENTY)).events().stream()
        .map(Event.class::cast)
        .map(event -> new JsonObject(event.data().toString()).getInteger("n"))
        .toList();
  }
}

package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.local.stage.RunLine;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.testtools.Until;
import io.streamer.worker.run.RunUpdate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worker runs a job and tells how it ended. */
@Timeout(60)
class JobRunnerTest extends WorkerFixture {
  @Test
  void aJobClaimedTwiceRunsOnce() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    var first = start(id);
    var second = start(id);
    // one of them comes back at once, while the other one's handler is held
    Until.holds("one of them is back", () -> first.isDone() || second.isDone());
    release.countDown();
    first.get();
    second.get();

    assertThat(calls).hasValue(1);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).epoch()).isEqualTo(1);
  }

  @Test
  void aSuccessIsToldAsProgressThenAHundredThenTheResult() throws Exception {
    behaviour =
        (request, run) -> {
          run.annotate("stage", "first");
          run.progress(40, "begun");
          release.await();
          run.progress(100, "all there");
          return request;
        };
    var id = submit("probe", "{\"n\":7}");
    var invocation = start(id);
    var begun = node.next();
    release.countDown();
    invocation.get();

    assertThat(begun.connection()).isEqualTo("c1");
    assertThat(begun.secret()).isEqualTo("between-us");
    assertThat(begun.json())
        .contains(
            Map.entry("type", "progress"),
            Map.entry("request_id", find(id).requestId()),
            Map.entry("job_id", id.value()),
            Map.entry("seq", 1_000_000_001),
            Map.entry("percentage", 40),
            Map.entry("message", "begun"));
    assertThat(begun.json().getJsonObject("metadata").getString("stage")).isEqualTo("first");
    var hundred = node.next().json();
    assertThat(hundred)
        .contains(
            Map.entry("type", "progress"),
            Map.entry("seq", 1_000_000_003),
            Map.entry("percentage", 100),
            Map.entry("message", "all there"));
    var complete = node.next().json();
    assertThat(complete).contains(Map.entry("type", "complete"), Map.entry("seq", 1_000_000_004));
    assertThat(complete.getJsonObject("result").getInteger("n")).isEqualTo(7);
    assertThat(find(id).seq()).isEqualTo(1_000_000_004L);
    assertThat(find(id).dueAt()).isEmpty();
  }

  @Test
  void whoFollowsTheWorkerHearsOfEachStep() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(12.5, "one");
          throw Failure.refused("NO_PRICE", "no price for X");
        };
    var id = submit("probe", "{}");
    run(id);

    var job = "probe " + find(id).requestId();
    // before the report or behind it, by what the worker sees first
    assertThat(updates).filteredOn(RunUpdate.AttemptFailed.class::isInstance).hasSize(1);
    assertThat(updates)
        .flatMap(update -> RunLine.of(update).stream().toList())
        .containsExactly(
            job + " runs, attempt 1",
            job + " 13 % one",
            job + " failed: PROCESSING_FAILED NO_PRICE: no price for X");
  }

  /** Fails when it is asked what it says. */
  private static final class Sulker extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Supplier<String> says;

    Sulker(Supplier<String> says) {
      this.says = says;
    }

    @Override
    public String getMessage() {
      return says.get();
    }
  }

  static Stream<Supplier<String>> saying() {
    return Stream.of(
        () -> {
          throw new IllegalStateException("not today");
        },
        () -> {
          throw new StackOverflowError();
        });
  }

  @ParameterizedTest
  @MethodSource("saying")
  void whatCannotSayWhatItIsFailsTheJobAllTheSame(Supplier<String> says) throws Exception {
    behaviour =
        (_, _) -> {
          throw new Sulker(says);
        };
    var id = submit("probe", "{}");
    run(id);
    assertThat(find(id).error().orElseThrow().code()).isEqualTo(ErrorCode.PROCESSING_FAILED);
  }

  @Test
  void aRefusalIsToldBehindItsNewestProgress() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(10, "one");
          run.progress(20, "two");
          throw Failure.refused("NO_PRICE", "no price for X");
        };
    var id = submit("probe", "{}");
    run(id);

    var frames = node.all();
    assertThat(frames.getLast().json())
        .contains(Map.entry("type", "error"), Map.entry("seq", Math.toIntExact(find(id).seq())));
    assertThat(frames.get(frames.size() - 2).json())
        .contains(Map.entry("type", "progress"), Map.entry("message", "two"));
    var job = find(id);
    assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    assertThat(job.error().orElseThrow().code()).isEqualTo(ErrorCode.PROCESSING_FAILED);
    assertThat(job.error().orElseThrow().details()).containsEntry("reason", "NO_PRICE");
    assertThat(job.dueAt()).isEmpty();
  }

  @Test
  void aStackOverflowEndsTheJobAndNotTheWorker() throws Exception {
    behaviour =
        (_, _) -> {
          throw new StackOverflowError();
        };
    var id = submit("probe", "{}");
    run(id);

    assertThat(find(id).error().orElseThrow().details()).containsOnlyKeys("error_id");
    assertThat(node.next().json()).contains(Map.entry("type", "error"));
  }

  @Test
  void aHandlerWhoseTimeIsUpIsInterrupted() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(10));

    assertThat(find(id).status()).isEqualTo(JobStatus.FAILED);
    assertThat(find(id).error().orElseThrow().code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(abandoned).hasValue(0);
  }

  @Test
  void aHandlerThatIgnoresItsInterruptIsAbandonedWithItsOutcomeStored() throws Exception {
    behaviour =
        (_, _) -> {
          awaitDeaf(release);
          return RawJson.of("{}");
        };
    var id = submit("probe", "{}");
    timePassesUntilDone(start(id), Duration.ofSeconds(10));

    assertThat(abandoned).hasValue(1);
    assertThat(find(id).error().orElseThrow().code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(node.all().getLast().json()).contains(Map.entry("type", "error"));
  }

  static Stream<Throwable> whatMayFailBesideAHandler() {
    return Stream.of(
        new IllegalStateException("x"),
        new OutOfMemoryError("x"),
        new StackOverflowError(),
        new AssertionError("x"));
  }

  @ParameterizedTest
  @MethodSource("whatMayFailBesideAHandler")
  void aDeafHandlerIsAbandonedWhateverEndsItsRun(Throwable failure) throws Exception {
    heard =
        update -> {
          if (update instanceof RunUpdate.Progressed) {
            sneak(failure);
          }
        };
    behaviour =
        (_, run) -> {
          run.progress(10, "so far");
          awaitDeaf(release);
          return RawJson.of("{}");
        };
    timePassesUntilDone(start(submit("probe", "{}")), Duration.ofSeconds(10));

    assertThat(abandoned).hasValue(1);
  }

  private static void sneak(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalArgumentException(failure);
    }
  }

  @Test
  void ofAShortInvocationHalfIsTheHandlers() throws Exception {
    var left = new AtomicReference<Duration>();
    behaviour =
        (_, run) -> {
          left.set(Duration.between(time.instant(), run.deadline()));
          return RawJson.of("{}");
        };
    worker.run(submit("travel", "{\"to\":\"Rome\"}"), 0, Duration.ofSeconds(8));

    assertThat(left).hasValue(Duration.ofSeconds(4));
  }
}

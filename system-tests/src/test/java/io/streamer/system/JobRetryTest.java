package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may pass is tried again, and nobody hears an error before the last attempt. */
@Timeout(60)
class JobRetryTest extends WorkerFixture {

  @Test
  void aJobThatFailsTwiceSucceedsInItsThirdAttemptAndNobodyHearsAnError() throws Exception {
    behaviour =
        (_, run) -> {
          run.progress(10 * run.attempt(), "attempt " + run.attempt());
          return switch (run.attempt()) {
            case 1 -> throw new IllegalStateException("a hiccup");
            case 2 -> throw Failure.tryAgain("BUSY", "not now");
            default -> RawJson.of("{\"attempt\":" + run.attempt() + "}");
          };
        };
    var id = submit("persist", "{}");
    run(id);
    var first = find(id);
    assertThat(first.status()).isEqualTo(JobStatus.RETRYING);
    assertThat(first.attempt()).isEqualTo(2);
    assertThat(first.dueAt()).contains(time.millis() + 2_000);
    awaken(id);
    run(id);
    assertThat(find(id).dueAt()).contains(time.millis() + 4_000);
    awaken(id);
    run(id);

    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(find(id).dueAt()).isEmpty();
    var frames = node.all();
    assertThat(frames)
        .extracting(frame -> frame.json().getString("type"))
        .containsOnly("progress", "complete")
        .containsOnlyOnce("complete");
    assertThat(frames)
        .extracting(frame -> frame.json().getLong("seq"))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(frames.stream().filter(frame -> frame.json().containsKey("attempt")))
        .extracting(frame -> frame.json().getInteger("attempt"))
        .containsSubsequence(1, 2, 3)
        .isSorted();
    assertThat(frames.getLast().json().getJsonObject("result").getInteger("attempt")).isEqualTo(3);
  }

  @Test
  void aFailureThatSaysWhenIsTriedAgainThen() throws Exception {
    behaviour =
        (_, _) -> {
          throw Failure.tryAgain("BUSY", "come back later", Duration.ofMinutes(7));
        };
    var id = submit("persist", "{}");
    run(id);
    assertThat(find(id).dueAt()).contains(time.millis() + 7 * 60_000);
  }

  @Test
  void afterTheLastAttemptTheJobHasFailed() throws Exception {
    behaviour =
        (_, _) -> {
          throw Failure.tryAgain("BUSY", "not now");
        };
    var id = submit("persist", "{}");
    for (int attempt = 1; attempt < 3; attempt++) {
      run(id);
      assertThat(node.all())
          .singleElement()
          .satisfies(frame -> {
            assertThat(frame.json().getString("type")).isEqualTo("progress");
            assertThat(frame.json().getInteger("percentage")).isZero();
          });
      awaken(id);
    }
    run(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.FAILED);
    assertThat(node.next().json()).contains(Map.entry("type", "error"));
    assertThat(calls).hasValue(3);
  }

  @Test
  void anAttemptThatTakesTooLongIsTriedAgain() throws Exception {
    behaviour =
        (_, run) -> {
          if (run.attempt() == 1) {
            release.await();
          }
          return RawJson.of("{}");
        };
    var id = submit("persist", "{}");
    var invocation = start(id);
    untilCalled(1);
    leaseIsRenewedUntilDone(id, invocation);
    assertThat(find(id).status()).isEqualTo(JobStatus.RETRYING);
    awaken(id);
    run(id);
    assertThat(find(id).status()).isEqualTo(JobStatus.SUCCEEDED);
    assertThat(abandoned).hasValue(0);
  }

  @Test
  void anUnknownActionWaitsTenMinutesForAWorkerThatKnowsIt() throws Exception {
    var id = submit("nowhere", "{}");
    assertThat(waitsForAnotherVersion(id).code()).isEqualTo(ErrorCode.INVALID_ACTION);
  }

  @Test
  void aPayloadThatDoesNotFitWaitsTenMinutesForAWorkerThatTakesIt() throws Exception {
    var id = submit("travel", "{\"to\":5}");
    var problem = waitsForAnotherVersion(id);
    assertThat(calls).hasValue(0);
    assertThat(problem.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
    assertThat(problem.fields().getFirst().pointer()).isEqualTo("/payload/to");
  }

  private Problem waitsForAnotherVersion(JobId id) throws Exception {
    var accepted = time.millis();
    int waits = 0;
    for (run(id); !find(id).status().terminal(); run(id)) {
      assertThat(find(id).attempt()).isEqualTo(1);
      assertThat(find(id).status()).isEqualTo(JobStatus.RETRYING);
      assertThat(node.all()).isEmpty();
      waits++;
      awaken(id);
    }
    assertThat(waits).isGreaterThan(10);
    assertThat(time.millis() - accepted).isGreaterThanOrEqualTo(600_000);
    assertThat(node.next().json()).contains(Map.entry("type", "error"));
    return find(id).error().orElseThrow();
  }

  @Test
  void aDeadlineThatPassesWhileItRunsEndsTheJob() throws Exception {
    behaviour =
        (_, _) -> {
          release.await();
          return RawJson.of("{}");
        };
    var id = submit("persist", 30_000L);
    timePassesUntilDone(start(id), Duration.ofSeconds(1));
    assertThat(find(id).status()).isEqualTo(JobStatus.TIMED_OUT);
    var error = node.next().json();
    assertThat(error).contains(Map.entry("type", "error"));
    assertThat(error.getJsonObject("error").getString("code")).isEqualTo("TIMEOUT");
    assertThat(find(id).dueAt()).isEmpty();
  }
}

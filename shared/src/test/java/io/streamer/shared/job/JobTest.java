package io.streamer.shared.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.Jobs;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobTest {
  private static final RawJson RESULT = RawJson.of("{\"pages\":3}");
  private static final ServerFrame.Result SENT = new ServerFrame.Result.Inline(RESULT);

  @Test
  void ownersKeepTheirBorderWhateverTheirNames() {
    assertThat(Job.owner("a#b", "c")).isEqualTo("a%23b#c");
    assertThat(Job.owner("a", "b#c")).isEqualTo("a#b%23c");
    assertThat(Job.owner("a%23b", "c")).isEqualTo("a%2523b#c");
  }

  @Test
  void aSuccessEndsWithItsResultAndTheStoredNumber() {
    var job = Jobs.job(JobStatus.SUCCEEDED);
    assertThat(job.terminalFrame(Optional.of(SENT)))
        .contains(
            new ServerFrame.Complete(
                job.requestId(), job.id().value(), job.seq(), SENT, job.annotations()));
  }

  @Test
  void aSuccessWithoutItsResultAtHandHasNoFrame() {
    assertThat(Jobs.job(JobStatus.SUCCEEDED).terminalFrame(Optional.empty())).isEmpty();
  }

  @Test
  void aFailureEndsWithItsStoredProblem() {
    var job = Jobs.job(JobStatus.FAILED);
    assertThat(job.terminalFrame(Optional.empty()))
        .contains(
            new ServerFrame.ErrorFrame(
                job.requestId(), job.id().value(), job.seq(), job.error().orElseThrow()));
  }

  @ParameterizedTest
  @EnumSource
  void everyEndButASuccessHasAFrameAndNothingElseHas(JobStatus status) {
    var expected = status.terminal() && status != JobStatus.SUCCEEDED;
    assertThat(Jobs.job(status).terminalFrame(Optional.empty()).isPresent()).isEqualTo(expected);
  }

  @Test
  void theSnapshotIsTheRowWithoutItsOutcome() {
    var job = Jobs.job(JobStatus.FAILED);
    var snapshot = job.snapshot();
    assertThat(snapshot.status()).isEqualTo("failed");
    assertThat(snapshot.seq()).isEqualTo(job.seq());
    assertThat(snapshot.createdAt()).isEqualTo(job.createdAt());
    assertThat(snapshot.error()).isNull();
  }

  @Test
  void anEpochsNumbersStartAboveAllOfTheOneBefore() {
    var job = Jobs.job(JobStatus.RUNNING);
    assertThat(job.firstSeq()).isEqualTo(job.epoch() * 1_000_000_000L);
  }

  @Test
  void aProblemIsCutToBoundsBeforeItIsStoredOrSent() {
    var fields = Collections.nCopies(50, new FieldError("/x".repeat(500), "y".repeat(500)));
    var problem =
        new Problem(
            ErrorCode.PROCESSING_FAILED,
            "z".repeat(5_000),
            fields,
            Map.of("reason", "w".repeat(900)),
            7L);
    var cut = new Outcome.Failed(problem).problem();
    assertThat(cut.message()).hasSize(1_000);
    assertThat(cut.fields()).hasSize(20);
    assertThat(cut.fields().getFirst().pointer()).hasSize(256);
    assertThat(cut.details().get("reason")).hasSize(256);
    assertThat(cut.code()).isEqualTo(ErrorCode.PROCESSING_FAILED);
    assertThat(cut.retryAfterMs()).isEqualTo(7L);
  }
}

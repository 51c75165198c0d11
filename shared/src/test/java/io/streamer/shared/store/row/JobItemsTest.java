package io.streamer.shared.store.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.handler.RawJson;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.store.Jobs;
import io.streamer.shared.table.Item;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobItemsTest {
  @ParameterizedTest
  @EnumSource
  void aRowReadBackIsTheJob(JobStatus status) {
    var job = Jobs.job(status);
    assertThat(JobItems.read(JobItems.write(job))).isEqualTo(job);
  }

  @Test
  void contentAndResultInTheRowAreReadBack() {
    var plain = Jobs.job(JobStatus.SUCCEEDED);
    var job = with(plain, Optional.of(RawJson.of("{\"pages\": 3}")));
    var read = JobItems.read(JobItems.write(job));
    assertThat(read).isEqualTo(job);
    assertThat(read.content()).contains(Jobs.content());
  }

  @Test
  void aRowWithoutItsContentPointsToIt() {
    var row = JobItems.write(Jobs.job(JobStatus.QUEUED));
    assertThat(row.text("payloadRef")).isEqualTo("payload");
    assertThat(row.has("payload")).isFalse();
  }

  @Test
  void onlyAJobThatIsDueStandsInTheDueIndex() {
    var due = JobItems.write(Jobs.job(JobStatus.QUEUED));
    assertThat(due.text("dueShard")).matches("\\d\\d");
    var delivered = new HashMap<>(due.attributes());
    delivered.remove("dueAt");
    delivered.remove("dueShard");
    var job = JobItems.read(new Item(delivered));
    assertThat(job.dueAt()).isEmpty();
    assertThat(JobItems.write(job).has("dueShard")).isFalse();
  }

  @Test
  void attributesOfALaterVersionAreLeftAlone() {
    var row =
        new Item.Builder()
            .putAll(JobItems.write(Jobs.job(JobStatus.RUNNING)))
            .put("lane", "somewhere")
            .build();
    assertThat(JobItems.read(row)).isEqualTo(Jobs.job(JobStatus.RUNNING));
  }

  @Test
  void aRowOfWrongTypesNamesTheAttributeAndNoValue() {
    var row =
        new Item.Builder()
            .putAll(JobItems.write(Jobs.job(JobStatus.RUNNING)))
            .put("epoch", "three")
            .build();
    assertThatThrownBy(() -> JobItems.read(row))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("epoch")
        .hasMessageNotContaining("three");
  }

  @Test
  void resultsSortByEpoch() {
    assertThat(JobItems.resultPart(9)).isLessThan(JobItems.resultPart(10));
    assertThat(JobItems.resultPart(7)).isEqualTo("result#0000000000000000007");
  }

  @Test
  void sizesCountNamesAndValuesAsTheTableDoes() {
    // "name" 4 + 3 bytes of "grü" in UTF-8 is 4; "n" 1 + a number of 3 digits at most 4
    assertThat(new Item.Builder().put("name", "grü").build().size()).isEqualTo(8);
    assertThat(new Item.Builder().put("n", 123).build().size()).isBetween(4, 5);
  }

  private static Job with(Job job, Optional<RawJson> result) {
    return new Job(
        job.id(),
        job.run(),
        job.caller(),
        job.requestId(),
        job.action(),
        job.hash(),
        job.traceparent(),
        job.createdAt(),
        job.terms(),
        job.status(),
        job.epoch(),
        job.attempt(),
        job.claim(),
        job.leaseUntil(),
        job.percentage(),
        job.message(),
        job.seq(),
        job.eventSeq(),
        job.route(),
        job.annotations(),
        job.error(),
        job.dueAt(),
        job.marks(),
        job.expiresAt(),
        Optional.of(Jobs.content()),
        result,
        Optional.empty());
  }
}

package io.streamer.shared.job;

import static io.streamer.shared.job.JobStatus.CANCELLED;
import static io.streamer.shared.job.JobStatus.FAILED;
import static io.streamer.shared.job.JobStatus.QUEUED;
import static io.streamer.shared.job.JobStatus.RETRYING;
import static io.streamer.shared.job.JobStatus.RUNNING;
import static io.streamer.shared.job.JobStatus.SUCCEEDED;
import static io.streamer.shared.job.JobStatus.TIMED_OUT;
import static io.streamer.shared.job.JobStatus.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.job.Transitions.Step;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransitionsTest {
  private static final Map<JobStatus, Set<JobStatus>> DIAGRAM =
      Map.of(
          WAITING, Set.of(QUEUED, CANCELLED, TIMED_OUT),
          QUEUED, Set.of(QUEUED, RUNNING, CANCELLED, TIMED_OUT),
          RUNNING, Set.of(RUNNING, SUCCEEDED, FAILED, RETRYING, QUEUED, CANCELLED, TIMED_OUT),
          RETRYING, Set.of(QUEUED, CANCELLED, TIMED_OUT),
          SUCCEEDED, Set.of(),
          FAILED, Set.of(),
          CANCELLED, Set.of(),
          TIMED_OUT, Set.of());

  @ParameterizedTest
  @EnumSource
  void aStateLeadsWhereTheDiagramSaysAndNowhereElse(JobStatus from) {
    for (var to : JobStatus.values()) {
      assertThat(Transitions.legal(from, to))
          .as(from + " to " + to)
          .isEqualTo(DIAGRAM.get(from).contains(to));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noStepStartsFromAnEnd(Step step) {
    assertThat(step.from()).noneMatch(JobStatus::terminal);
  }

  @Test
  void clientsSeeStatesInLowerCase() {
    assertThat(TIMED_OUT.wire()).isEqualTo("timed_out");
  }
}

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
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    var next =
        Arrays.stream(Step.values())
            .filter(step -> step.from().contains(from))
            .map(Step::to)
            .collect(Collectors.toSet());
    assertThat(next).isEqualTo(DIAGRAM.get(from));
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

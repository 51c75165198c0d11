package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

class JobTimesTest {
  private static final long MS = 1_000_000;

  private final JobTimes times = new JobTimes();

  @Test
  void progressAndResultCountFromTheAcknowledgmentAndThatFromWhenTheRequestWasDue() {
    assertThat(take(1, 10, "acknowledgment")).isFalse();
    assertThat(take(1, 110, "progress")).isFalse();
    assertThat(take(1, 150, "progress")).isFalse();
    assertThat(take(1, 210, "complete")).isTrue();

    is("accepted_p50_ms", 10);
    is("progress_p50_ms", 100);
    is("progress_p99_ms", 100);
    is("result_p50_ms", 200);
    is("jobs", 1);
    is("refused", 0);
  }

  @Test
  void theTimesOfTwoJobsAreTheirOwn() {
    take(1, 10, "acknowledgment");
    take(2, 50, "acknowledgment");
    assertThat(times.running()).isEqualTo(2);
    take(2, 60, "progress");
    take(1, 70, "progress");

    is("progress_p50_ms", 10);
    is("progress_p99_ms", 60);
  }

  @Test
  void whatIsRefusedOrFailsEndsAndCountsAsRefused() {
    take(1, 10, "acknowledgment");

    assertThat(take(1, 20, "error")).isTrue();
    assertThat(take(2, 20, "error")).isTrue();
    assertThat(times.running()).isZero();
    is("refused", 2);
    is("jobs", 0);
  }

  @Test
  void aJobThatRunsWhileTheTimesAreClearedCountsWithWhatIsYetToCome() {
    take(1, 10, "acknowledgment");
    take(1, 20, "progress");
    times.clear();
    take(1, 30, "progress");
    take(1, 40, "complete");

    is("accepted_p50_ms", 0);
    is("progress_p50_ms", 0);
    is("result_p50_ms", 30);
  }

  private boolean take(int id, long atMs, String type) {
    var text = "{\"type\":\"" + type + "\",\"timestamp\":1.5}";
    return times.take(id, 0, atMs * MS, text.getBytes(US_ASCII), 0, text.length());
  }

  private void is(String name, double value) {
    assertThat(times.said().getDouble(name)).as(name).isCloseTo(value, withPercentage(3.2));
  }
}

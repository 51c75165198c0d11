package io.streamer.shared.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
  /** So few that none of those below is among them. */
  private static final double HARDLY_ANY = 1e-12;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_500_000_000L);

  private long chosen(Sampling sampling, int requests) {
    return IntStream.range(0, requests).filter(_ -> sampling.chooses()).count();
  }

  @Test
  void oneASecondIsRecordedHoweverFewTheRatioTakes() {
    var sampling = new Sampling(HARDLY_ANY, nanos::get);
    assertThat(chosen(sampling, 1_000)).isEqualTo(1);
    nanos.addAndGet(999_999_999);
    assertThat(chosen(sampling, 1_000)).isZero();
    // the clock may go through its end
    for (int i = 0; i < 3; i++) {
      nanos.addAndGet(1_000_000_000);
      assertThat(chosen(sampling, 1_000)).isEqualTo(1);
    }
  }

  @Test
  void secondsInWhichNothingCameAreNotMadeUpFor() {
    var sampling = new Sampling(HARDLY_ANY, nanos::get);
    nanos.addAndGet(3_600_000_000_000L);
    assertThat(chosen(sampling, 1_000)).isEqualTo(1);
  }

  @Test
  void aRatioOfNothingRecordsNothing() {
    assertThat(chosen(new Sampling(0, nanos::get), 1_000)).isZero();
  }

  @Test
  void aRatioOfOneRecordsAllUpToTheMostOfASecond() {
    var sampling = new Sampling(1, nanos::get);
    assertThat(chosen(sampling, Sampling.MOST)).isEqualTo(Sampling.MOST);
    assertThat(chosen(sampling, 10)).isZero();
    nanos.addAndGet(1_000_000_000);
    assertThat(chosen(sampling, 2 * Sampling.MOST)).isEqualTo(Sampling.MOST);
  }
}

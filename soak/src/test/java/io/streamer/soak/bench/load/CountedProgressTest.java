package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class CountedProgressTest {
  private static final long NOW = 1_764_493_453_123L;

  private final CountedProgress counted =
      new CountedProgress(9, InstantSource.fixed(Instant.ofEpochMilli(NOW)));

  @Test
  void numbersInOrderUpToTheLastOneAreAllWell() {
    acknowledged(1);
    progress(1, 1, "2@" + (NOW - 40));
    progress(1, 2, "9@" + (NOW - 40));
    progress(1, 3, "");
    assertThat(take(1, 4, "complete", "")).isTrue();

    is("jobs", 1);
    is("frames", 2);
    is("missed", 0);
    is("disordered", 0);
    is("refused", 0);
    assertThat(counted.said().getDouble("age_p50_ms")).isCloseTo(40, withPercentage(3.2));
  }

  @Test
  void aJobWhoseLastNumberDidNotComeIsMissed() {
    acknowledged(1);
    progress(1, 1, "8@" + NOW);
    take(1, 2, "complete", "");

    is("missed", 1);
  }

  @Test
  void aSmallerNumberIsOutOfOrder() {
    acknowledged(1);
    progress(1, 1, "5@" + NOW);
    progress(1, 2, "4@" + NOW);

    is("disordered", 1);
  }

  @Test
  void aSequenceNumberThatDoesNotRiseIsOutOfOrderAlsoInTheResult() {
    acknowledged(1);
    progress(1, 7, "5@" + NOW);
    progress(1, 7, "9@" + NOW);
    take(1, 6, "complete", "");

    is("disordered", 2);
  }

  @Test
  void eachJobHasAnOrderOfItsOwn() {
    acknowledged(1);
    acknowledged(2);
    progress(1, 7, "5@" + NOW);
    progress(2, 1, "1@" + NOW);
    assertThat(counted.running()).isEqualTo(2);

    is("disordered", 0);
  }

  @Test
  void whatFailsOrIsNotAcceptedIsRefused() {
    acknowledged(1);
    assertThat(take(1, 2, "error", "")).isTrue();
    assertThat(take(2, 2, "error", "")).isTrue();
    assertThat(counted.running()).isZero();

    is("refused", 2);
    is("jobs", 0);
  }

  private void acknowledged(int id) {
    assertThat(take(id, 0, "acknowledgment", "queued")).isFalse();
  }

  private void progress(int id, long seq, String message) {
    assertThat(take(id, seq, "progress", message)).isFalse();
  }

  private boolean take(int id, long seq, String type, String message) {
    var text =
        "{\"type\":\"%s\",\"timestamp\":1.5,\"seq\":%d,\"percentage\":1.5,\"message\":\"%s\"}"
            .formatted(type, seq, message);
    return counted.take(id, 0, 0, text.getBytes(US_ASCII), 0, text.length());
  }

  private void is(String name, double value) {
    assertThat(counted.said().getDouble(name)).as(name).isEqualTo(value);
  }
}

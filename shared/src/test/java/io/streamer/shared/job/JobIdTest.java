package io.streamer.shared.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JobIdTest {
  @Test
  void itIsTheFirstTwentyBytesOfTheDigestOverLengthPrefixedParts() {
    // printf '\0\0\0\4acme\0\0\0\3ann\0\0\0\2r1' | sha256sum, first 20 bytes, base64url
    assertThat(JobId.of("acme", "ann", "r1").value()).isEqualTo("opdAVZUurZZoCl0nStqsfL8JCdI");
  }

  @Test
  void partsThatReadTheSameInARowAreDifferentJobs() {
    assertThat(JobId.of("ab", "c", "d")).isNotEqualTo(JobId.of("a", "bc", "d"));
    assertThat(JobId.of("a", "bc", "d")).isNotEqualTo(JobId.of("a", "b", "cd"));
  }

  @Test
  void itsOwnFormIsWellFormedAndNothingElseIs() {
    assertThat(JobId.of("täglich", "ann", "🙂").wellFormed()).isTrue();
    assertThat(new JobId("").wellFormed()).isFalse();
    assertThat(new JobId("x".repeat(28)).wellFormed()).isFalse();
    assertThat(new JobId("a/b" + "x".repeat(24)).wellFormed()).isFalse();
  }

  @Test
  void jobsSpreadOverAllSixteenDueShards() {
    var shards = new HashSet<Integer>();
    IntStream.range(0, 500).forEach(n -> shards.add(JobId.of("acme", "ann", "r" + n).dueShard()));
    assertThat(shards).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 16).boxed().toList());
  }

  @Test
  void theHashTellsActionsPayloadsAndTheirBorderApart() {
    var hash = JobId.hash("report", RawJson.of("{\"a\":1}"));
    assertThat(hash).hasSize(43).isEqualTo(JobId.hash("report", RawJson.of("{\"a\":1}")));
    assertThat(hash).isNotEqualTo(JobId.hash("report", RawJson.of("{\"a\": 1}")));
    assertThat(hash).isNotEqualTo(JobId.hash("reports", RawJson.of("{\"a\":1}")));
    assertThat(JobId.hash("a1", RawJson.of("2"))).isNotEqualTo(JobId.hash("a", RawJson.of("12")));
  }
}

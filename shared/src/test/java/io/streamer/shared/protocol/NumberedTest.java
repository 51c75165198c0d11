package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.WireCodec.Numbered;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway reads of a frame that a worker wrote. */
class NumberedTest {
  private static final Optional<Numbered> END = Optional.of(new Numbered("j", 5, Kind.TERMINAL));

  @ParameterizedTest
  @CsvSource({
    "progress, PROGRESS",
    "event, EVENT",
    "rewind, EVENT",
    "complete, TERMINAL",
    "error, TERMINAL"
  })
  void aJobsFrameTellsItsJobItsPlaceAndItsKind(String type, Kind kind) {
    var frame =
        """
        {"type":"%s","result":{"job_id":"other","seq":9},"seq":0,"list":[{"seq":8}],"job_id":"j"}
        """
            .formatted(type);

    assertThat(WireCodec.numbered(frame.getBytes(UTF_8))).contains(new Numbered("j", 0, kind));
  }

  @Test
  void aFrameWhoseTypeIsNoTextIsNeitherTheLastNorToBeThinnedOut() {
    var frame = "{\"type\":7,\"job_id\":\"j\",\"seq\":5}";
    assertThat(WireCodec.numbered(frame.getBytes(UTF_8)))
        .contains(new Numbered("j", 5, Kind.EVENT));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 499, 502, 10_000})
  void howDeepAResultNestsChangesNothing(int depth) {
    var result = "[".repeat(depth) + "]".repeat(depth);
    var before =
        "{\"result\":%s,\"seq\":5,\"job_id\":\"j\",\"type\":\"complete\"}".formatted(result);
    var behind =
        "{\"type\":\"complete\",\"job_id\":\"j\",\"seq\":5,\"result\":%s}".formatted(result);

    assertThat(WireCodec.numbered(before.getBytes(UTF_8))).isEqualTo(END);
    assertThat(WireCodec.numbered(behind.getBytes(UTF_8))).isEqualTo(END);
  }

  @Test
  void whatStandsBehindTheNumberIsNotLookedAt() {
    var frame = "{\"type\":\"complete\",\"job_id\":\"j\",\"seq\":5,\"result\":words";
    assertThat(WireCodec.numbered(frame.getBytes(UTF_8))).isEqualTo(END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"complete\",\"seq\":5}",
        "{\"type\":\"complete\",\"job_id\":7,\"seq\":5}",
        "{\"type\":\"complete\",\"job_id\":\"j\"}",
        "{\"type\":\"complete\",\"job_id\":\"j\",\"seq\":-1}",
        "{\"type\":\"complete\",\"job_id\":\"j\",\"seq\":1.5}",
        "{\"type\":\"complete\",\"job_id\":\"j\",\"seq\":\"5\"}",
        "{\"type\":\"complete\",\"job_id\":\"j\",\"sequence\":5",
        "[{\"type\":\"complete\",\"job_id\":\"j\",\"seq\":5}]",
        "",
      })
  void whatIsNoJobsFrameHasNoNumber(String frame) {
    assertThat(WireCodec.numbered(frame.getBytes(UTF_8))).isEmpty();
  }
}

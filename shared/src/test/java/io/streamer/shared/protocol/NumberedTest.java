package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ClientFrame.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tells a job's frames apart, by their bytes and by themselves. */
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

  @ParameterizedTest
  @MethodSource
  void aFrameSaysOfItselfWhatItsBytesSay(ServerFrame frame) {
    assertThat(frame.numbered()).isEqualTo(WireCodec.numbered(WireCodec.write(frame, 0)));
  }

  static List<ServerFrame> aFrameSaysOfItselfWhatItsBytesSay() {
    var json = RawJson.of("{\"seq\":9,\"job_id\":\"other\"}");
    var problem = Problem.of(ErrorCode.TIMEOUT, "late");
    return List.of(
        new ServerFrame.Progress("r", "j", 0, 50, "", 1, Map.of()),
        new ServerFrame.Event("r", "k", 7, "page", json),
        new ServerFrame.Rewind("r", "j", 8, 3),
        new ServerFrame.Complete("r", "j", 5, new ServerFrame.Result.Inline(json), Map.of()),
        new ServerFrame.ErrorFrame("r", "j", 6L, problem),
        ServerFrame.ErrorFrame.of("r", problem),
        new ServerFrame.ErrorFrame("r", "j", null, problem),
        new ServerFrame.Response("r", json),
        new ServerFrame.Acknowledgment("r", "j", ServerFrame.AckStatus.QUEUED, "queued", null),
        new ServerFrame.Welcome("r", "s", false, List.of(), 1, 1, 1, null, "test"),
        new ServerFrame.Pong("r"),
        new ServerFrame.Goaway("deploy", 1));
  }
}

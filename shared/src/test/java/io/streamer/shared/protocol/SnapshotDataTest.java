package io.streamer.shared.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ServerFrame.Result;
import io.streamer.shared.protocol.ServerFrame.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A snapshot as the answer to a status frame. */
class SnapshotDataTest {

  @Test
  void aRunningJobHasNoOutcome() {
    assertThat(data(null, null))
        .containsEntry("job_id", "j")
        .containsEntry("status", "running")
        .doesNotContainKeys("result", "result_url", "error");
  }

  @Test
  void aResultIsPassedOnAsItWasWritten() {
    var json = RawJson.of("{\"a\": 1.50,\"a\":2}");
    assertThat(WireCodec.data(snapshot(new Result.Inline(json), null)).toString())
        .startsWith("{\"job_id\":\"j\"")
        .endsWith(",\"result\":{\"a\": 1.50,\"a\":2}}");
  }

  @Test
  void aLargeResultIsAUrl() {
    assertThat(data(new Result.At("https://files.example/r"), null))
        .containsEntry("result_url", "https://files.example/r")
        .doesNotContainKeys("result", "error");
  }

  @Test
  void aFailureTellsItsProblem() {
    var problem =
        Problem.comeBack(ErrorCode.TIMEOUT, "too long", 5)
            .with("limit", "5m")
            .with("error_id", "e");
    var error = Vectors.object(data(null, problem).get("error"));

    assertThat(error).containsEntry("code", "TIMEOUT").containsEntry("message", "too long");
    assertThat(Vectors.object(error.get("details")))
        .isEqualTo(Map.of("limit", "5m", "error_id", "e"));
  }

  @Test
  void anInvalidFieldIsNamedInTheMessage() {
    assertThat(Problem.invalid("/payload/to", "is missing").message())
        .isEqualTo("/payload/to is missing");
    assertThat(Problem.invalid("", "is not JSON").message()).isEqualTo("the frame is not JSON");
    assertThat(new FieldError("/to", "is missing").below("/payload"))
        .isEqualTo(new FieldError("/payload/to", "is missing"));
  }

  private static Map<String, Object> data(@Nullable Result result, @Nullable Problem error) {
    return Vectors.object(Vectors.parse(WireCodec.data(snapshot(result, error)).utf8()));
  }

  private static Snapshot snapshot(@Nullable Result result, @Nullable Problem error) {
    return new Snapshot("j", "r", "echo", "running", 50, "half", 3, 1, 1_000, result, error);
  }
}

package io.streamer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Failure;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Result;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.Problem;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private record Trip(String to) {}

  @Test
  void aResultIsASuccess() {
    var result = new Result.Inline(RawJson.of("{\"a\":1}"));
    assertThat(Verdict.of("j", new End.Returned(result))).isEqualTo(new Outcome.Succeeded(result));
  }

  @Test
  void aRefusalKeepsItsReasonAndMessage() {
    assertThat(problem(threw(Failure.refused("NO_PRICE", "no price for X"))))
        .isEqualTo(
            Problem.of(ErrorCode.PROCESSING_FAILED, "no price for X").with("reason", "NO_PRICE"));
    assertThat(problem(threw(Failure.tryAgain("BUSY", "try later"))))
        .isEqualTo(Problem.of(ErrorCode.PROCESSING_FAILED, "try later").with("reason", "BUSY"));
    assertThat(problem(threw(Failure.forbidden("not yours"))))
        .isEqualTo(Problem.of(ErrorCode.FORBIDDEN, "not yours"));
  }

  @Test
  void anInvalidPayloadNamesItsFieldsFromTheFramesRoot() {
    Throwable thrown = null;
    try {
      Payloads.bind(RawJson.of("{\"to\":5}"), Trip.class);
    } catch (InvalidPayload e) {
      thrown = e;
    }
    var problem = problem(threw(thrown));
    assertThat(problem.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
    assertThat(problem.fields()).extracting(FieldError::pointer).containsExactly("/payload/to");
  }

  @Test
  void anythingElseIsKeptFromTheClient() {
    for (var thrown :
        new Throwable[] {
          new IllegalStateException("secret"), new StackOverflowError(), new OutOfMemoryError()
        }) {
      var problem = problem(threw(thrown));
      assertThat(problem.code()).isEqualTo(ErrorCode.PROCESSING_FAILED);
      assertThat(problem.message()).isEqualTo("the handler failed");
      assertThat(problem.details()).containsOnlyKeys("error_id");
      assertThat(UUID.fromString(problem.details().get("error_id"))).isNotNull();
    }
  }

  @Test
  void timeUpIsATimeout() {
    assertThat(problem(new End.TimedOut(Duration.ofMinutes(5))))
        .isEqualTo(Problem.of(ErrorCode.TIMEOUT, "not done after 300 s"));
  }

  private static End threw(Throwable thrown) {
    return new End.Threw(thrown);
  }

  private static Problem problem(End end) {
    return ((Outcome.Failed) Verdict.of("j", end)).problem();
  }
}

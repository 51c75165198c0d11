package io.streamer.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Retry;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import io.streamer.shared.hold.Ending;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.JobTerms;
import io.streamer.shared.job.Marks;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Result;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.FieldError;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.settings.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final int LAST = 3;

  private final Catalogue catalogue =
      Catalogue.of(
          List.of((handlers, _) -> {
            handlers.add(Stubborn.class, Stubborn::new);
            handlers.add(Travel.class, Travel::new);
          }),
          new Environment(Map.of()));
  private final Definition definition = catalogue.find("stubborn").orElseThrow();
  private final Definition travel = catalogue.find("travel").orElseThrow();

  record Trip(String to) {}

  @Action(value = "travel", expected = "1m")
  static final class Travel implements Handler<Trip, String> {
    @Override
    public String handle(Trip request, Run run) {
      return request.to();
    }
  }

  @Action(
      value = "stubborn",
      expected = "1m",
      attempts = LAST,
      retry = @Retry(backoff = Retry.Backoff.LINEAR, base = "2s"))
  static final class Stubborn implements Handler<RawJson, RawJson> {
    @Override
    public RawJson handle(RawJson request, Run run) {
      return request;
    }
  }

  @Test
  void aResultIsASuccess() {
    var result = new Result.Inline(RawJson.of("{\"a\":1}"));
    assertThat(verdict(1, new End.Returned(result)))
        .isEqualTo(new Ending.Ends(new Outcome.Succeeded(result)));
  }

  @Test
  void aRefusalIsFinalAndKeepsItsReasonAndMessage() {
    assertThat(problem(1, threw(Failure.refused("NO_PRICE", "no price for X"))))
        .isEqualTo(
            Problem.of(ErrorCode.PROCESSING_FAILED, "no price for X").with("reason", "NO_PRICE"));
    assertThat(problem(1, threw(Failure.forbidden("not yours"))))
        .isEqualTo(Problem.of(ErrorCode.FORBIDDEN, "not yours"));
    assertThat(problem(LAST, threw(Failure.tryAgain("BUSY", "try later"))))
        .isEqualTo(Problem.of(ErrorCode.PROCESSING_FAILED, "try later").with("reason", "BUSY"));
  }

  @Test
  void whatMayPassIsTriedAgainUntilTheLastAttempt() {
    for (var end :
        List.of(
            threw(new IllegalStateException("secret")),
            threw(new StackOverflowError()),
            threw(Failure.tryAgain("BUSY", "try later")),
            new End.TimedOut(Duration.ofMinutes(5)))) {
      assertThat(verdict(1, end)).isEqualTo(new Ending.TriedAgain(Duration.ofSeconds(2), true));
      assertThat(verdict(2, end)).isEqualTo(new Ending.TriedAgain(Duration.ofSeconds(4), true));
      assertThat(verdict(LAST, end)).isInstanceOf(Ending.Ends.class);
    }
  }

  @Test
  void aFailureMaySayHowLongToWaitAtLeast() {
    assertThat(verdict(1, threw(Failure.tryAgain("BUSY", "", Duration.ofMinutes(1)))))
        .isEqualTo(new Ending.TriedAgain(Duration.ofMinutes(1), true));
    assertThat(verdict(1, threw(Failure.tryAgain("BUSY", "", Duration.ofMillis(1)))))
        .isEqualTo(new Ending.TriedAgain(Duration.ofSeconds(2), true));
  }

  @Test
  void aPayloadOfAnotherVersionHasTenMinutesAndThenNamesItsFieldsFromTheFramesRoot() {
    var end = threw(unbound());
    for (int attempt = 1; attempt <= LAST; attempt++) {
      for (long waited : new long[] {0, 5_000, 60_000, 599_999}) {
        assertThat(verdict(attempt, end, waited))
            .isInstanceOfSatisfying(
                Ending.TriedAgain.class, again -> assertThat(again.counts()).isFalse());
      }
    }
    var problem = ((Outcome.Failed) ((Ending.Ends) verdict(1, end, 600_000)).outcome()).problem();
    assertThat(problem.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
    assertThat(problem.fields()).extracting(FieldError::pointer).containsExactly("/payload/to");
  }

  private Throwable unbound() {
    try {
      return new IllegalStateException("bound: " + Unbound.bind(travel, RawJson.of("{\"to\":5}")));
    } catch (Unbound e) {
      return e;
    }
  }

  @Test
  void anythingElseIsKeptFromTheClient() {
    for (var thrown :
        new Throwable[] {
          new IllegalStateException("secret"), new StackOverflowError(), new OutOfMemoryError()
        }) {
      var problem = problem(LAST, threw(thrown));
      assertThat(problem.code()).isEqualTo(ErrorCode.PROCESSING_FAILED);
      assertThat(problem.message()).isEqualTo("the handler failed");
      assertThat(problem.details()).containsOnlyKeys("error_id");
      assertThat(UUID.fromString(problem.details().get("error_id"))).isNotNull();
    }
  }

  @Test
  void timeUpInTheLastAttemptIsATimeout() {
    assertThat(problem(LAST, new End.TimedOut(Duration.ofMinutes(5))))
        .isEqualTo(Problem.of(ErrorCode.TIMEOUT, "not done after 300 s"));
  }

  @Test
  void whatWasStoppedFromOutsideUsesUpNoAttempt() {
    assertThat(verdict(LAST, new End.OutOfTime())).isEqualTo(new Ending.HandedOn());
    assertThat(verdict(LAST, new End.Cancelled())).isEqualTo(new Ending.Stops());
    assertThat(verdict(LAST, new End.Overdue())).isEqualTo(new Ending.Expires());
  }

  @Test
  void anUnknownActionIsTriedForTenMinutesWithoutUsingUpAnAttempt() {
    var job = job(LAST);
    var random = new Random(1);
    assertThat(Verdict.unknownAction(job, job.createdAt() + 599_999, random))
        .isInstanceOfSatisfying(
            Ending.TriedAgain.class, again -> assertThat(again.counts()).isFalse());
    assertThat(Verdict.unknownAction(job, job.createdAt() + 600_000, random))
        .isEqualTo(
            new Ending.Ends(
                new Outcome.Failed(
                    Problem.of(ErrorCode.INVALID_ACTION, "no handler for the action stubborn"))));
  }

  private static End threw(Throwable thrown) {
    return new End.Threw(thrown);
  }

  private Problem problem(int attempt, End end) {
    return ((Outcome.Failed) ((Ending.Ends) verdict(attempt, end)).outcome()).problem();
  }

  private Ending verdict(int attempt, End end) {
    return verdict(attempt, end, 0);
  }

  private Ending verdict(int attempt, End end, long sinceItsAcceptance) {
    var job = job(attempt);
    return Verdict.of(job, definition, end, job.createdAt() + sinceItsAcceptance, new Random(1));
  }

  private static Job job(int attempt) {
    return new Job(
        JobId.of("t", "u", "r"),
        "run",
        new Caller("t", "u", Set.of()),
        "r",
        "stubborn",
        "",
        Optional.empty(),
        1_000_000L,
        JobTerms.NONE,
        JobStatus.RUNNING,
        1,
        attempt,
        "",
        0,
        0,
        "",
        0,
        0,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Marks.NONE,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}

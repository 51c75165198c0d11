package io.streamer.demo;

import io.streamer.handler.Action;
import io.streamer.handler.Describe;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Retry;
import io.streamer.handler.Run;
import java.time.Duration;
import java.util.Optional;

/** A job that takes as long, fails as often and answers as much as it is told. */
// expected is the longest a request may ask for: a job under any threshold
@Action(
    value = "delay",
    expected = "1h",
    timeout = "65m",
    attempts = 10,
    retry = @Retry(base = "200ms", cap = "5s"))
public final class Delay implements Handler<Delay.Request, Delay.Result> {
  private static final int MAX_SECONDS = 3600;
  private static final int MAX_STEPS = 1000;
  private static final int MAX_FAILURES = 100;
  private static final int MAX_KB = 1000;
  private static final int NANOS = 1_000_000_000;
  // a step may be longer than an invocation: it is passed in slices, each with its checkpoint
  private static final Duration SLICE = Duration.ofSeconds(15);

  /**
   * What a client may ask for.
   *
   * @param seconds 0 to 3600, fractions too
   * @param steps 1 to 1000 reports on the way, 10 unless given
   * @param events whether each step is an event
   * @param holdAt a percentage after which nothing is reported
   * @param failTimes attempts that fail before one works
   * @param resultKb 0 to 1000 KB of padding in the result
   */
  public record Request(
      @Describe(value = "how long it takes, 0 to 3600", example = "10") double seconds,
      @Describe("reports on the way, 1 to 1000; 10 unless given") Optional<Integer> steps,
      @Describe("whether each step is an event") Optional<Boolean> events,
      @Describe("a percentage behind which nothing is reported") Optional<Double> holdAt,
      @Describe("attempts that fail before one works, 0 to 100") Optional<Integer> failTimes,
      @Describe("padding in the result, 0 to 1000 KB") Optional<Integer> resultKb) {
    public Request {
      within("seconds", seconds, 0, MAX_SECONDS);
      steps.ifPresent(value -> within("steps", value, 1, MAX_STEPS));
      holdAt.ifPresent(value -> within("holdAt", value, 0, 100));
      failTimes.ifPresent(value -> within("failTimes", value, 0, MAX_FAILURES));
      resultKb.ifPresent(value -> within("resultKb", value, 0, MAX_KB));
    }

    private static void within(String field, double value, int least, int most) {
      if (value < least || value > most) {
        throw new Invalid(field, "must be from " + least + " to " + most);
      }
    }
  }

  /**
   * What was done.
   *
   * @param duration the seconds asked for
   * @param padding present if {@code result_kb} asked for it
   */
  public record Result(double duration, int steps, int attempt, Optional<String> padding) {}

  /** What each step's event says. */
  public record Step(int step, int steps) {}

  /**
   * Where a run got to.
   *
   * @param steps those that are over
   * @param passedMs of the one behind them
   */
  record Reached(int steps, long passedMs) {}

  private final Wait wait;

  Delay(Wait wait) {
    this.wait = wait;
  }

  @Override
  public Result handle(Request request, Run run) throws InterruptedException {
    if (run.attempt() <= request.failTimes().orElse(0)) {
      throw Failure.tryAgain("FAIL_TIMES", "attempt " + run.attempt() + " fails as it was told to");
    }
    int steps = request.steps().orElse(10);
    double holdAt = request.holdAt().orElse(100.0);
    var events = request.events().orElse(false);
    var length = Duration.ofNanos(Math.round(request.seconds() * NANOS / steps));
    var from = run.checkpoint(Reached.class).orElse(new Reached(0, 0));
    for (int step = from.steps() + 1; step <= steps; step++) {
      pass(length, step - 1, step - 1 == from.steps() ? from.passedMs() : 0, run);
      if (events) {
        run.emit("step", new Step(step, steps));
      }
      double percentage = 100.0 * step / steps;
      if (percentage <= holdAt) {
        run.progress(percentage, "step " + step + " of " + steps);
      }
      run.checkpoint(new Reached(step, 0));
    }
    int kb = request.resultKb().orElse(0);
    return new Result(
        request.seconds(),
        steps,
        run.attempt(),
        kb == 0 ? Optional.empty() : Optional.of("x".repeat(kb * 1024)));
  }

  private void pass(Duration length, int steps, long passedMs, Run run)
      throws InterruptedException {
    var passed = Duration.ofMillis(passedMs);
    while (length.minus(passed).compareTo(SLICE) > 0) {
      wait.pass(SLICE);
      passed = passed.plus(SLICE);
      run.checkpoint(new Reached(steps, passed.toMillis()));
    }
    wait.pass(length.minus(passed));
  }
}

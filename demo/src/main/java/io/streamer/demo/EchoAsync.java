package io.streamer.demo;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** Gives back the object it gets, after five seconds' work as a job. */
@Action(value = "echo_async", expected = "6s")
public final class EchoAsync implements Handler<Map<String, RawJson>, EchoAsync.Result> {
  private static final Duration WORK = Duration.ofSeconds(5);
  private static final int STEPS = 4;

  public record Result(Map<String, RawJson> echo, Instant processedAt, String handler) {}

  private final Wait wait;
  private final InstantSource clock;

  EchoAsync(Wait wait, InstantSource clock) {
    this.wait = wait;
    this.clock = clock;
  }

  @Override
  public Result handle(Map<String, RawJson> payload, Run run) throws InterruptedException {
    run.progress(0, "started");
    for (int step = 1; step <= STEPS; step++) {
      wait.pass(WORK.dividedBy(STEPS));
      run.progress(100.0 * step / STEPS, "step " + step + " of " + STEPS);
    }
    return new Result(payload, clock.instant(), EchoAsync.class.getSimpleName());
  }
}

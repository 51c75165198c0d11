package io.streamer.soak.bench.actions;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.Run;
import java.util.concurrent.TimeUnit;

/** A job that counts, and reports each number and when it came to it. */
@Action(value = "counting", expected = "30s", timeout = "15m")
public class Counting implements Handler<Counting.Asked, Counting.Told> {
  /** The last number's place is before the result, not with it. */
  private static final long REST_MS = 1_000;

  private static final double MOST_PERCENT = 99;

  /**
   * What it is asked for.
   *
   * @param to the last number
   * @param everyMs from a number to the next one
   */
  public record Asked(int to, long everyMs) {}

  /** The number that it came to. */
  public record Told(int number) {}

  @Override
  public Told handle(Asked request, Run run) throws InterruptedException {
    long begun = System.nanoTime();
    for (int i = 1; i <= request.to(); i++) {
      long due = begun + TimeUnit.MILLISECONDS.toNanos(i * request.everyMs());
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      run.progress(MOST_PERCENT * i / request.to(), i + "@" + System.currentTimeMillis());
    }
    Thread.sleep(REST_MS);
    return new Told(request.to());
  }
}

package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How late an event loop is: a timer that fires ten times a second tells by how much it was late.
 * One instance for each loop, with one {@link Longest} for all.
 */
public final class LoopLag extends VerticleBase {
  private static final long EVERY_MS = 100;

  private final Longest longest;
  private long expected;

  public LoopLag(Longest longest) {
    this.longest = longest;
  }

  /** The longest of all loops within the last minute. Safe for all threads. */
  public static final class Longest {
    private static final int PARTS = 3;

    private final TimeWindowMax nanos =
        new TimeWindowMax(Clock.SYSTEM, Duration.ofMinutes(1).toMillis() / PARTS, PARTS);

    void was(long late) {
      nanos.record((double) late);
    }

    /** In seconds. */
    public double seconds() {
      return nanos.poll() / TimeUnit.SECONDS.toNanos(1);
    }
  }

  @Override
  public Future<?> start() {
    next();
    return Future.succeededFuture();
  }

  private void next() {
    expected = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MS);
    vertx.setTimer(
        EVERY_MS,
        _ -> {
          longest.was(Math.max(0, System.nanoTime() - expected));
          next();
        });
  }
}

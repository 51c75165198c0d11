package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.streamer.shared.signal.Metric;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Meters whose counter of frames that go one way fails once, when told to. */
public final class FaultyCounters extends SimpleMeterRegistry {
  private final String direction;
  private final AtomicReference<@Nullable Throwable> next = new AtomicReference<>();

  /**
   * Whole ones.
   *
   * @param direction {@code in} or {@code out}
   */
  public FaultyCounters(String direction) {
    this.direction = direction;
  }

  /** The next frame that goes that way throws this. */
  public void failNext(Throwable thrown) {
    next.set(thrown);
  }

  @Override
  protected Counter newCounter(Meter.Id id) {
    if (!direction.equals(id.getTag(Metric.FRAMES.label()))) {
      return super.newCounter(id);
    }
    return new CumulativeCounter(id) {
      @Override
      public void increment(double amount) {
        fail(next);
        super.increment(amount);
      }
    };
  }

  /** Throws what is there, once. */
  public static void fail(AtomicReference<@Nullable Throwable> next) {
    var thrown = next.getAndSet(null);
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException failure) {
      throw failure;
    }
  }
}

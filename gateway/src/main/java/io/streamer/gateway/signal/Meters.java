package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.streamer.shared.signal.Metric;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** The meters of one task. All of them exist from its start, so that none is missing at zero. */
public final class Meters {
  private final MeterRegistry registry;

  public Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Meters that nobody reads. */
  public static Meters unread() {
    return new Meters(new SimpleMeterRegistry());
  }

  /**
   * The counter of a metric.
   *
   * @param label one of the metric's {@link Metric#labelValues}
   * @throws IllegalArgumentException if it is none of them
   */
  public Counter counter(Metric metric, String label) {
    return Counter.builder(metric.title())
        .description(metric.meaning())
        .tags(tags(metric, label))
        .register(registry);
  }

  /** The timer of a metric, with counts of what took up to 1 ms, 2.5 ms and so on up to 5 s. */
  public Timer timer(Metric metric) {
    return Timer.builder(metric.title())
        .description(metric.meaning())
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofNanos(2_500_000),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(5))
        .register(registry);
  }

  /** Has the value read whenever somebody looks, on whatever thread that is. */
  public void gauge(Metric metric, DoubleSupplier value) {
    Gauge.builder(metric.title(), value::getAsDouble)
        .description(metric.meaning())
        .baseUnit(metric.unit())
        .strongReference(true)
        .register(registry);
  }

  private static Tags tags(Metric metric, String label) {
    if (!metric.labelValues().contains(label)) {
      throw new IllegalArgumentException(metric + " has no " + label);
    }
    return Tags.of(metric.label(), label);
  }
}

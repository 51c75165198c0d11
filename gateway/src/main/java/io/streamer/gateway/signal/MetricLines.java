package io.streamer.gateway.signal;

import static java.util.Comparator.comparing;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.step.StepMeterRegistry;
import io.micrometer.core.instrument.step.StepRegistryConfig;
import io.micrometer.core.instrument.util.NamedThreadFactory;
import io.streamer.shared.signal.MetricLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CloudWatch by lines of the process's output, once a minute and at the end, with the names, units
 * and dimensions that {@link CloudWatch} sends. A line has one value for a dimension, so a minute
 * takes as many as there are outcomes of all metrics together. They are written on a thread of
 * their own: an output that nobody reads holds up this one, which then passes over minutes and
 * keeps nothing of them.
 */
final class MetricLines extends StepMeterRegistry {
  private static final StepRegistryConfig EACH_MINUTE =
      new StepRegistryConfig() {
        @Override
        public String prefix() {
          return "lines";
        }

        @Override
        public @Nullable String get(String key) {
          return null;
        }
      };

  private static final Comparator<Meter> IN_ORDER =
      comparing((Meter meter) -> meter.getId().getName())
          .thenComparing(meter -> meter.getId().getTags().toString());

  private record Value(String name, String unit, double number, Map<String, String> dimensions) {}

  private final String namespace;
  private final Consumer<String> lines;

  /** Writes nothing before somebody calls {@link #publish} or {@link #close}. */
  MetricLines(String namespace, Clock clock, Consumer<String> lines) {
    super(EACH_MINUTE, clock);
    this.namespace = namespace;
    this.lines = lines;
    Chosen.restrict(this);
  }

  /** Writes each minute's. */
  static MetricLines open(String namespace, Consumer<String> lines) {
    var registry = new MetricLines(namespace, Clock.SYSTEM, lines);
    registry.start(new NamedThreadFactory("metric-lines"));
    return registry;
  }

  @Override
  protected TimeUnit getBaseTimeUnit() {
    return TimeUnit.MILLISECONDS;
  }

  @Override
  protected void publish() {
    long now = clock.wallTime();
    var begun = new ArrayList<MetricLine>();
    getMeters().stream()
        .sorted(IN_ORDER)
        .flatMap(MetricLines::values)
        .filter(value -> Double.isFinite(value.number))
        .forEach(value ->
            lineFor(value, begun, now)
                .metric(value.name, value.unit, value.number, value.dimensions));
    begun.forEach(line -> lines.accept(line.text()));
  }

  private MetricLine lineFor(Value value, List<MetricLine> begun, long now) {
    return begun.stream()
        .filter(line -> line.fits(value.name, value.dimensions))
        .findFirst()
        .orElseGet(() -> {
          var line = new MetricLine(namespace, now);
          begun.add(line);
          return line;
        });
  }

  private static Stream<Value> values(Meter meter) {
    return switch (meter) {
      case Gauge gauge -> Stream.of(value(gauge, "value", unit(gauge), gauge.value()));
      case Counter counter -> Stream.of(value(counter, "count", "Count", counter.count()));
      case Timer timer -> values(timer);
      default -> throw new IllegalStateException("a kind that no metric has: " + meter.getId());
    };
  }

  /** Without one to speak of, an average and a longest would say zero. */
  private static Stream<Value> values(Timer timer) {
    var always =
        Stream.of(
            value(timer, "sum", "Milliseconds", timer.totalTime(TimeUnit.MILLISECONDS)),
            value(timer, "count", "Count", (double) timer.count()));
    return timer.count() == 0
        ? always
        : Stream.concat(
            always,
            Stream.of(
                value(timer, "avg", "Milliseconds", timer.mean(TimeUnit.MILLISECONDS)),
                value(timer, "max", "Milliseconds", timer.max(TimeUnit.MILLISECONDS))));
  }

  private static Value value(Meter meter, String statistic, String unit, double number) {
    var id = meter.getId();
    var dimensions = id.getTags().stream().collect(Collectors.toMap(Tag::getKey, Tag::getValue));
    return new Value(id.getName() + "." + statistic, unit, number, dimensions);
  }

  private static String unit(Gauge gauge) {
    return switch (gauge.getId().getBaseUnit()) {
      case "seconds" -> "Seconds";
      case "bytes" -> "Bytes";
      case null, default -> "None";
    };
  }
}

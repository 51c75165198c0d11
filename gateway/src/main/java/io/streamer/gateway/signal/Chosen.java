package io.streamer.gateway.signal;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.streamer.shared.signal.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What goes to CloudWatch, however it gets there. All tasks write into the same series, by the
 * dimension {@code Service} alone: an average is one task's, a sum all tasks', and a deployment
 * makes no new ones. Each series costs by the month, so the list is short.
 */
final class Chosen {
  private static final Set<String> TITLES =
      Arrays.stream(Metric.values())
          .filter(Metric::inCloudWatch)
          .map(Metric::title)
          .collect(Collectors.toUnmodifiableSet());

  private Chosen() {}

  /** Has a registry take nothing else. */
  static void restrict(MeterRegistry registry) {
    registry
        .config()
        .commonTags(List.of(Tag.of("Service", "gateway")))
        .meterFilter(
            new MeterFilter() {
              @Override
              public MeterFilterReply accept(Meter.Id id) {
                return TITLES.contains(id.getName())
                    ? MeterFilterReply.NEUTRAL
                    : MeterFilterReply.DENY;
              }

              // each of a timer's bounds would be a series of its own
              @Override
              public DistributionStatisticConfig configure(
                  Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder()
                    .serviceLevelObjectives()
                    .build()
                    .merge(config);
              }
            });
  }
}

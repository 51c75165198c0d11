package io.streamer.gateway.signal;

import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.signal.Metric;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;

/**
 * CloudWatch, once a minute. All tasks write into the same series, by the dimension {@code Service}
 * alone: an average is one task's, a sum all tasks', and a deployment makes no new ones. Each
 * series costs by the month, so the list of what is sent is short.
 */
record CloudWatch(CloudWatchMeterRegistry registry, CloudWatchAsyncClient client)
    implements AutoCloseable {
  private static final Duration ATTEMPT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(10);

  private static final Set<String> TITLES =
      Arrays.stream(Metric.values())
          .filter(Metric::inCloudWatch)
          .map(Metric::title)
          .collect(Collectors.toUnmodifiableSet());

  static CloudWatch open(String namespace, AwsSettings aws) {
    var builder =
        CloudWatchAsyncClient.builder()
            .region(Region.of(aws.region()))
            .credentialsProvider(aws.credentials())
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(2)
                    .eventLoopGroup(SdkLoops.shared()))
            .overrideConfiguration(
                config -> config.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
    aws.cloudWatch().ifPresent(builder::endpointOverride);
    var client = builder.build();
    var registry = new CloudWatchMeterRegistry(settings(namespace), Clock.SYSTEM, client);
    restrict(registry);
    return new CloudWatch(registry, client);
  }

  /** Lets through what is to be sent. */
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

  private static CloudWatchConfig settings(String namespace) {
    return new CloudWatchConfig() {
      @Override
      public @Nullable String get(String key) {
        return null;
      }

      @Override
      public String namespace() {
        return namespace;
      }
    };
  }

  @Override
  public void close() {
    registry.close();
    client.close();
  }
}

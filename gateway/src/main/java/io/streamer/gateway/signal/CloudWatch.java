package io.streamer.gateway.signal;

import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.Clock;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.shared.settings.AwsSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;

/** CloudWatch by calls, once a minute. */
record CloudWatch(CloudWatchMeterRegistry registry, CloudWatchAsyncClient client)
    implements AutoCloseable {
  private static final Duration ATTEMPT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(10);

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
    Chosen.restrict(registry);
    return new CloudWatch(registry, client);
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

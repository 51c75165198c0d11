package io.streamer.gateway;

import io.streamer.shared.push.Endpoints;
import io.streamer.shared.push.NodeEndpoints;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.settings.AwsSettings;
import java.time.Duration;
import java.time.InstantSource;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The AWS clients of a gateway task; credentials come from where the SDK looks for them. */
final class Clients {
  /** A table that stalls is tried once more before the client is told to come back. */
  private static final Duration ATTEMPT = Duration.ofMillis(1_400);

  private static final Duration CALL = Duration.ofSeconds(3);
  private static final int MAX_CONNECTIONS = 200;

  private Clients() {}

  static DynamoDbAsyncClient dynamo(AwsSettings settings) {
    var http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(MAX_CONNECTIONS)
            .connectionTimeout(Duration.ofSeconds(1))
            .eventLoopGroupBuilder(SdkEventLoopGroup.builder().numberOfThreads(2));
    var builder =
        DynamoDbAsyncClient.builder()
            .httpClientBuilder(http)
            .region(Region.of(settings.region()))
            .overrideConfiguration(
                config -> config.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
            // completes on the client's own loop; the store hops to the caller's context once
            .asyncConfiguration(config ->
                config.advancedOption(
                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    settings.dynamoDb().ifPresent(builder::endpointOverride);
    return builder.credentialsProvider(settings.credentials()).build();
  }

  static PushClient pushes(Settings settings, Stores stores, InstantSource clock) {
    var nodes =
        new NodeEndpoints(
            id ->
                stores
                    .dynamo()
                    .execute(stores.nodes().find(id))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join(),
            clock);
    return new PushClient(
        Endpoints.of(settings.push().apis()).or(nodes),
        settings.push().secret(),
        settings.aws().region(),
        settings.aws().credentials());
  }
}

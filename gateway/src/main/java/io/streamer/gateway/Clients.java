package io.streamer.gateway;

import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.push.LeanPushTransport;
import io.streamer.gateway.push.NodeAddresses;
import io.streamer.gateway.push.PushTransport;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.push.SdkPushTransport;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.LeanTransport;
import io.streamer.gateway.store.SdkEndings;
import io.streamer.gateway.store.SdkTransport;
import io.streamer.gateway.store.StoreListener;
import io.streamer.gateway.store.StoreTransport;
import io.streamer.gateway.store.Stores;
import io.streamer.shared.dynamo.Signing;
import io.streamer.shared.push.InternalSecrets;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Transport;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The AWS clients of a gateway task; credentials come from where the SDK looks for them. */
public final class Clients {
  /** A table that stalls is tried once more before the client is told to come back. */
  private static final Duration ATTEMPT = Duration.ofMillis(1_400);

  private static final Duration CALL = Duration.ofSeconds(3);
  private static final int MAX_CONNECTIONS = 200;

  /** As many as the SDK's client lets wait for a connection. */
  private static final int MOST_WAITING = 10_000;

  private static final int MOST_ATTEMPTS = 3;

  private Clients() {}

  /**
   * The way to the tables, as the settings choose it: either keeps to the same bounds.
   *
   * @param listeners hear how each call ended
   */
  public static StoreTransport store(
      Vertx vertx, Transport transport, AwsSettings settings, List<StoreListener> listeners) {
    return switch (transport) {
      case LEAN ->
          new LeanTransport(
              vertx,
              settings.dynamoDb().orElseGet(() -> Signing.address(settings.region())),
              settings.region(),
              settings.credentials(),
              Clock.systemUTC(),
              new LeanTransport.Bounds(MAX_CONNECTIONS, MOST_WAITING, ATTEMPT, CALL),
              listeners);
      case SDK -> new SdkTransport(vertx, dynamo(settings, listeners));
    };
  }

  private static DynamoDbAsyncClient dynamo(AwsSettings settings, List<StoreListener> listeners) {
    var http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(MAX_CONNECTIONS)
            .connectionTimeout(Duration.ofSeconds(1))
            .eventLoopGroup(SdkLoops.shared());
    var builder =
        DynamoDbAsyncClient.builder()
            .httpClientBuilder(http)
            .region(Region.of(settings.region()))
            .overrideConfiguration(config ->
                config
                    .apiCallAttemptTimeout(ATTEMPT)
                    .apiCallTimeout(CALL)
                    .addExecutionInterceptor(new SdkEndings(listeners))
                    // DynamoDB's own default is 8 retries: what is throttled would be asked more
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(MOST_ATTEMPTS)
                            .build()))
            // completes on the client's own loop; the store hops to the caller's context once
            .asyncConfiguration(config ->
                config.advancedOption(
                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    settings.dynamoDb().ifPresent(builder::endpointOverride);
    return builder.credentialsProvider(settings.credentials()).build();
  }

  static Pushes pushes(
      Vertx vertx,
      GatewaySettings settings,
      InternalSecrets secrets,
      Stores stores,
      Meters meters,
      InstantSource clock) {
    var addresses =
        new NodeAddresses(
            vertx,
            settings.push().apis(),
            id -> stores.dynamo().execute(stores.nodes().find(id)),
            clock);
    return new Pushes(
        vertx,
        addresses,
        push(
            vertx,
            settings.push().transport(),
            secrets::first,
            settings.aws().region(),
            settings.aws().credentials()),
        meters);
  }

  /**
   * The way of pushes, as the settings choose it: either keeps to the same bounds.
   *
   * @param internalSecret sent to our own nodes, as it is at each call; empty for none
   * @param region that calls to API Gateway are signed for
   * @param credentials that they are signed with
   */
  public static PushTransport push(
      Vertx vertx,
      Transport transport,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials) {
    return switch (transport) {
      case LEAN ->
          new LeanPushTransport(vertx, internalSecret, region, credentials, Clock.systemUTC());
      case SDK -> new SdkPushTransport(vertx, internalSecret, region, credentials);
    };
  }
}

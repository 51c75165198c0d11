package io.streamer.worker.aws;

import io.streamer.shared.aws.ServiceAddress;
import io.streamer.shared.dynamo.Signing;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Clients of AWS as the settings want them, on the HTTP client that starts fastest. */
public final class BlockingClients {
  /** Several of these fit between a lease's renewal and its loss. */
  private static final Duration ATTEMPT = Duration.ofMillis(1500);

  private static final Duration CALL = Duration.ofSeconds(4);
  private static final int MOST_ATTEMPTS = 3;

  static {
    // the JDK reads it once, with its first call: a worker makes that with one of these clients
    KeptAlive.set();
  }

  private BlockingClients() {}

  /** The way to the tables, as the settings choose it: either keeps to the same bounds. */
  public static BlockingTransport store(Transport transport, AwsSettings settings) {
    return switch (transport) {
      case LEAN ->
          new BlockingLean(
              settings.dynamoDb().orElseGet(() -> Signing.address(settings.region())),
              settings.region(),
              settings.credentials(),
              ATTEMPT,
              CALL);
      case SDK -> new BlockingSdk(made(DynamoDbClient.builder(), settings, settings.dynamoDb()));
    };
  }

  /**
   * The way to the function that runs jobs, as the settings choose it.
   *
   * @param name the function's, its ARN, or either with an alias
   */
  public static JobInvoker jobInvoker(Transport transport, AwsSettings settings, String name) {
    return switch (transport) {
      case LEAN ->
          new LeanJobInvoker(
              name,
              settings
                  .lambda()
                  .orElseGet(() -> ServiceAddress.of(LeanJobInvoker.SERVICE, settings.region())),
              settings.region(),
              settings.credentials(),
              ATTEMPT,
              CALL);
      case SDK ->
          new SdkJobInvoker(made(LambdaClient.builder(), settings, settings.lambda()), name);
    };
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C made(
      B builder, AwsSettings settings, Optional<URI> address) {
    builder
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(ATTEMPT).socketTimeout(ATTEMPT))
        .region(Region.of(settings.region()))
        .overrideConfiguration(limits ->
            limits
                .apiCallAttemptTimeout(ATTEMPT)
                .apiCallTimeout(CALL)
                // DynamoDB's own default is 8 retries: what is throttled would be asked more
                .retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(MOST_ATTEMPTS)
                        .build()));
    address.ifPresent(builder::endpointOverride);
    return builder.credentialsProvider(settings.credentials()).build();
  }
}

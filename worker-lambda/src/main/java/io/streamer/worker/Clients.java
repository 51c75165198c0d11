package io.streamer.worker;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The SDK's clients as the settings want them, on the HTTP client that starts fastest. */
final class Clients {
  /** Several of these fit between a lease's renewal and its loss. */
  private static final Duration ATTEMPT = Duration.ofMillis(1500);

  private static final Duration CALL = Duration.ofSeconds(4);

  private Clients() {}

  static DynamoDbClient dynamoDb(Settings settings) {
    return made(DynamoDbClient.builder(), settings, settings.dynamoDb());
  }

  static LambdaClient lambda(Settings settings) {
    return made(LambdaClient.builder(), settings, settings.lambda());
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C made(
      B builder, Settings settings, Optional<URI> address) {
    builder
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .region(Region.of(settings.region()))
        .overrideConfiguration(
            limits -> limits.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
    address.ifPresent(builder::endpointOverride);
    return builder.credentialsProvider(credentials(settings)).build();
  }

  static AwsCredentialsProvider credentials(Settings settings) {
    return settings
        .keys()
        .<AwsCredentialsProvider>map(keys -> StaticCredentialsProvider.create(of(keys)))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  private static AwsCredentials of(Settings.Keys keys) {
    return keys.token().isPresent()
        ? AwsSessionCredentials.create(keys.id(), keys.secret(), keys.token().get())
        : AwsBasicCredentials.create(keys.id(), keys.secret());
  }
}

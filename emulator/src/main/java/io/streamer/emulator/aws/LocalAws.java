package io.streamer.emulator.aws;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * The SDK's clients against local endpoints: fixed region and credentials, nothing taken from the
 * environment.
 */
public final class LocalAws {
  /** The region every local ARN and signature names. */
  public static final Region REGION = Region.US_EAST_1;

  /** The account DynamoDB Local and every local ARN name. */
  public static final String ACCOUNT = "000000000000";

  // a function may take Lambda's 15 minutes to answer
  private static final Duration INVOCATION = Duration.ofMinutes(15).plusSeconds(10);
  private static final Duration QUERY = Duration.ofSeconds(30);

  private LocalAws() {}

  /** The ARN a function of this name has locally. */
  public static String functionArn(String function) {
    return "arn:aws:lambda:" + REGION.id() + ":" + ACCOUNT + ":function:" + function;
  }

  /** Credentials no local endpoint checks. */
  public static AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
  }

  /** A client for tables and items. */
  public static DynamoDbClient dynamo(URI endpoint) {
    return at(endpoint, DynamoDbClient.builder()).httpClientBuilder(http(QUERY)).build();
  }

  /** A client for streams. */
  public static DynamoDbStreamsClient streams(URI endpoint) {
    return at(endpoint, DynamoDbStreamsClient.builder()).httpClientBuilder(http(QUERY)).build();
  }

  /**
   * A client that waits for a function as long as Lambda lets it run, and repeats nothing by
   * itself.
   */
  public static LambdaClient lambda(URI endpoint) {
    return at(endpoint, LambdaClient.builder())
        .httpClientBuilder(http(INVOCATION))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private static <B extends AwsClientBuilder<B, ?>> B at(URI endpoint, B builder) {
    return builder.endpointOverride(endpoint).region(REGION).credentialsProvider(credentials());
  }

  private static UrlConnectionHttpClient.Builder http(Duration answer) {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(Duration.ofSeconds(5))
        .socketTimeout(answer);
  }
}

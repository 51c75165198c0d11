package io.streamer.shared.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Where AWS is and who asks, by the names that the SDK has for it. Read here and not left to the
 * SDK, so that several stages of one process can differ.
 *
 * @param dynamoDb where DynamoDB answers, if not at the region's own address
 * @param lambda where Lambda answers, if not at the region's own address
 * @param s3 where S3 answers, if not at the region's own address
 * @param cloudWatch where CloudWatch answers, if not at the region's own address
 * @param ecs where ECS answers, if not at the region's own address
 * @param secrets where Secrets Manager answers, if not at the region's own address
 * @param keys credentials given in the environment; otherwise the SDK looks for its own
 */
public record AwsSettings(
    String region,
    Optional<URI> dynamoDb,
    Optional<URI> lambda,
    Optional<URI> s3,
    Optional<URI> cloudWatch,
    Optional<URI> ecs,
    Optional<URI> secrets,
    Optional<Keys> keys) {

  private static final List<String> ENDPOINTS =
      List.of("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL_S3");

  /** Long-lived or session credentials; the token is there with the latter only. */
  public record Keys(String id, String secret, Optional<String> token) {

    /** Without the secret, which must reach no log. */
    @Override
    public String toString() {
      return "Keys[" + id + "]";
    }
  }

  /**
   * Reads all of them.
   *
   * @throws SettingsException if an address is none, or there is neither a region nor an address
   */
  public static AwsSettings read(Environment environment) {
    return new AwsSettings(
        environment.find("AWS_REGION").orElseGet(() -> signedFor(environment)),
        address(environment, "AWS_ENDPOINT_URL_DYNAMODB"),
        address(environment, "AWS_ENDPOINT_URL_LAMBDA"),
        address(environment, "AWS_ENDPOINT_URL_S3"),
        address(environment, "AWS_ENDPOINT_URL_CLOUDWATCH"),
        address(environment, "AWS_ENDPOINT_URL_ECS"),
        address(environment, "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
        keys(environment));
  }

  /** A region to sign for, where addresses are given and it leads nowhere. */
  private static String signedFor(Environment environment) {
    if (ENDPOINTS.stream().noneMatch(name -> environment.find(name).isPresent())) {
      throw new SettingsException(
          "the setting AWS_REGION is missing: it says where the tables are");
    }
    return "us-east-1";
  }

  /** The keys given, else those that the SDK finds. */
  public AwsCredentialsProvider credentials() {
    return keys.<AwsCredentialsProvider>map(given ->
            StaticCredentialsProvider.create(
                given.token().isPresent()
                    ? AwsSessionCredentials.create(given.id(), given.secret(), given.token().get())
                    : AwsBasicCredentials.create(given.id(), given.secret())))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  private static Optional<Keys> keys(Environment environment) {
    var secret = environment.find("AWS_SECRET_ACCESS_KEY");
    return environment
        .find("AWS_ACCESS_KEY_ID")
        .flatMap(
            id -> secret.map(text -> new Keys(id, text, environment.find("AWS_SESSION_TOKEN"))));
  }

  private static Optional<URI> address(Environment environment, String name) {
    return environment.find(name).map(text -> address(name, text));
  }

  /**
   * The address that a setting gives.
   *
   * @throws SettingsException naming the setting, if the text is no absolute URL
   */
  public static URI address(String name, String text) {
    try {
      var uri = new URI(text);
      if (uri.getHost() != null && uri.getScheme() != null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // answered below, like an address without a host
    }
    throw new SettingsException(
        "the setting "
            + name
            + " is an address such as http://localhost:8000, not \""
            + text
            + "\"");
  }
}

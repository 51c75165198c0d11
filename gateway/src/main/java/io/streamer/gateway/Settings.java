package io.streamer.gateway;

import io.streamer.gateway.auth.AuthSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.store.JobLimits;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The gateway's settings; {@link Setting} says what each means.
 *
 * @param internalAddress the host under which this task is announced
 * @param dynamo where DynamoDB is, if not where the SDK finds it
 */
public record Settings(
    String host,
    int port,
    String internalHost,
    int internalPort,
    String internalAddress,
    List<String> internalSecrets,
    String nodeId,
    String tablePrefix,
    AuthSettings auth,
    Optional<Path> publishedKeys,
    Duration threshold,
    Optional<Path> handlers,
    int maxMessageBytes,
    int maxConnections,
    Duration heartbeat,
    Duration connectionTtl,
    Duration shutdownGrace,
    JobLimits limits,
    String region,
    Optional<URI> dynamo,
    Optional<StaticCredentialsProvider> credentials) {

  /**
   * Reads all of them.
   *
   * @throws SettingsException naming the first that is missing, unknown or out of range
   */
  public static Settings read(Environment environment) {
    environment.refuseUnknown(Setting.names());
    var internalHost = environment.text("STREAMER_INTERNAL_HOST", "0.0.0.0");
    var secrets = environment.list("STREAMER_INTERNAL_SECRET");
    if (secrets.isEmpty()) {
      throw new SettingsException(
          "the setting STREAMER_INTERNAL_SECRET is missing: it guards the internal API");
    }
    return new Settings(
        environment.text("STREAMER_HOST", "0.0.0.0"),
        environment.whole("STREAMER_PORT", 8081, 0, 65_535),
        internalHost,
        environment.whole("STREAMER_INTERNAL_PORT", 8082, 0, 65_535),
        environment.find("STREAMER_INTERNAL_ADDRESS").orElseGet(() -> ownAddress(internalHost)),
        secrets,
        environment.text("STREAMER_NODE_ID", UUID.randomUUID().toString()),
        environment.text("STREAMER_TABLE_PREFIX", "streamer"),
        AuthSettings.from(environment),
        environment.find("STREAMER_PUBLISH_KEYS").map(Path::of),
        positive(environment, "STREAMER_SYNC_THRESHOLD", Duration.ofSeconds(5)),
        environment.find("STREAMER_HANDLERS").map(Path::of),
        environment.whole("STREAMER_MAX_MESSAGE_BYTES", 131_072, 4_096, 131_072),
        environment.whole("STREAMER_MAX_CONNECTIONS", 50_000, 1, 1_000_000),
        positive(environment, "STREAMER_HEARTBEAT", Duration.ofSeconds(25)),
        positive(environment, "STREAMER_CONNECTION_TTL", Duration.ofHours(24)),
        positive(environment, "STREAMER_SHUTDOWN_GRACE", Duration.ofSeconds(25)),
        new JobLimits(
            positive(environment, "STREAMER_LEASE", Duration.ofSeconds(60)),
            positive(environment, "STREAMER_SUBMIT_DUE", Duration.ofSeconds(60)),
            positive(environment, "STREAMER_JOB_RETENTION", Duration.ofDays(7))),
        environment.text("AWS_REGION", "us-east-1"),
        environment.find("AWS_ENDPOINT_URL_DYNAMODB").map(URI::create),
        credentials(environment));
  }

  /** Those that a stage in one JVM passes in; a process of its own leaves them to the SDK. */
  private static Optional<StaticCredentialsProvider> credentials(Environment environment) {
    return environment
        .find("AWS_ACCESS_KEY_ID")
        .filter(_ -> environment.find("AWS_SESSION_TOKEN").isEmpty())
        .map(id ->
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(id, environment.text("AWS_SECRET_ACCESS_KEY"))));
  }

  private static Duration positive(Environment environment, String name, Duration fallback) {
    var duration = environment.duration(name, fallback);
    if (duration.isZero()) {
      throw new SettingsException("the setting " + name + " must be above zero");
    }
    return duration;
  }

  private static String ownAddress(String internalHost) {
    if (!internalHost.equals("0.0.0.0")) {
      return internalHost;
    }
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException e) {
      throw new SettingsException(
          "this host does not know its own address; set STREAMER_INTERNAL_ADDRESS");
    }
  }
}

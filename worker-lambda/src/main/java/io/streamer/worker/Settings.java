package io.streamer.worker;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/**
 * The worker's settings.
 *
 * @param tablePrefix what the tables' names begin with
 * @param internalSecret sent to gateway nodes with every push; empty for none
 * @param lease how long a claimed job stays its worker's without a write
 * @param retention how long a job is kept after its end
 * @param dueAfter how long after its submission a job is looked after
 * @param region of the tables and functions
 * @param dynamoDb where DynamoDB answers, if not at the region's own address
 * @param lambda where Lambda answers, if not at the region's own address
 * @param keys credentials given in the environment; otherwise the SDK looks for its own
 */
record Settings(
    String tablePrefix,
    String internalSecret,
    Duration lease,
    Duration retention,
    Duration dueAfter,
    String region,
    Optional<URI> dynamoDb,
    Optional<URI> lambda,
    Optional<Keys> keys) {

  private static final String JOB_FUNCTION = "STREAMER_JOB_FUNCTION";
  private static final Duration LEAST_LEASE = Duration.ofSeconds(5);

  /** Long-lived or session credentials; the token is there with the latter only. */
  record Keys(String id, String secret, Optional<String> token) {

    /** Without the secret, which must reach no log. */
    @Override
    public String toString() {
      return "Keys[" + id + "]";
    }
  }

  Settings {
    if (lease.compareTo(LEAST_LEASE) < 0) {
      throw new SettingsException("the setting STREAMER_LEASE is at least 5s, not " + lease);
    }
  }

  /**
   * @throws SettingsException if a setting is missing, unknown or out of range
   */
  static Settings of(Environment environment) {
    environment.refuseUnknown(Setting.names());
    var secrets = environment.list("STREAMER_INTERNAL_SECRET");
    return new Settings(
        environment.text("STREAMER_TABLE_PREFIX", "streamer"),
        secrets.isEmpty() ? "" : secrets.getFirst(),
        environment.duration("STREAMER_LEASE", Duration.ofSeconds(60)),
        environment.duration("STREAMER_JOB_RETENTION", Duration.ofDays(7)),
        environment.duration("STREAMER_SUBMIT_DUE", Duration.ofSeconds(60)),
        environment.text("AWS_REGION", "us-east-1"),
        address(environment, "AWS_ENDPOINT_URL_DYNAMODB"),
        address(environment, "AWS_ENDPOINT_URL_LAMBDA"),
        keys(environment));
  }

  /** The function that runs jobs: only the stream function needs it. */
  static String jobFunction(Environment environment) {
    return environment.text(JOB_FUNCTION);
  }

  /** Without the secret, which must reach no log. */
  @Override
  public String toString() {
    return "Settings[" + tablePrefix + ", " + region + ", lease " + lease + "]";
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

  private static URI address(String name, String text) {
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

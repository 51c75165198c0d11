package io.streamer.cli.dev;

import io.streamer.local.live.EnvFile;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code dev} takes from the environment in which it is started, and from the file {@code
 * .env} of the folder that it serves.
 *
 * @param taken settings of gateway and worker, in place of the stage's own; values are not looked
 *     at
 * @param left the names of those that the stage sets itself
 */
record DevSettings(Map<String, String> taken, Set<String> left) {
  private static final String PREFIX = "STREAMER_";

  /** The test kit's, and those of the commands that ask a stage. */
  private static final Set<String> OF_OTHERS =
      Set.of("STREAMER_HOME", "STREAMER_URL", "STREAMER_TOKEN");

  /**
   * Sorts them.
   *
   * @param file what it has counts where the environment has nothing
   * @throws SettingsException naming one that is unknown, or file and line of what is no setting
   */
  static DevSettings of(Map<String, String> environment, Optional<EnvFile> file) {
    var asked = new HashMap<String, String>();
    file.ifPresent(it ->
        read(it)
            .forEach((name, value) -> {
              if (name.startsWith(PREFIX)) {
                asked.put(name, value);
              }
            }));
    environment.forEach((name, value) -> {
      if (!value.isBlank()) {
        asked.put(name, value);
      }
    });
    asked.keySet().removeAll(OF_OTHERS);
    var all = new Environment(asked);
    all.refuseUnknown(Setting.names());
    var taken = new HashMap<String, String>();
    var left = new TreeSet<String>();
    for (var setting : Setting.values()) {
      all.find(setting.variable())
          .ifPresent(value -> {
            if (isTaken(setting)) {
              taken.put(setting.variable(), value);
            } else {
              left.add(setting.variable());
            }
          });
    }
    return new DevSettings(Map.copyOf(taken), left);
  }

  private static Map<String, String> read(EnvFile file) {
    try {
      return file.all();
    } catch (IllegalStateException e) {
      throw new SettingsException(String.valueOf(e.getMessage()));
    }
  }

  /** What to say of those that are left, a line each. */
  List<String> lines() {
    return left.isEmpty()
        ? List.of()
        : List.of(
            "dev does not take "
                + String.join(", ", left)
                + ": it sets "
                + (left.size() == 1 ? "that" : "them")
                + " itself, ports and handlers by its options");
  }

  /**
   * How long a stop may take, if it takes this long with the stage's own grace time.
   *
   * @throws SettingsException if the grace time is none
   */
  Duration longestStop(Duration usual) {
    var environment = new Environment(taken);
    if (environment.find(Setting.SHUTDOWN_GRACE).isEmpty()) {
      return usual;
    }
    var grace = environment.duration(Setting.SHUTDOWN_GRACE);
    var behind = grace.plus(usual.dividedBy(2));
    return behind.compareTo(usual) > 0 ? behind : usual;
  }

  private static boolean isTaken(Setting setting) {
    return switch (setting) {
      case SYNC_THRESHOLD,
          DEMO,
          MAX_MESSAGE_BYTES,
          MAX_MESSAGE_RATE,
          MAX_CONNECTIONS,
          MAX_USER_CONNECTIONS,
          MAX_LOOP_LAG,
          HEARTBEAT,
          CONNECTION_TTL,
          SHUTDOWN_GRACE,
          JOB_RETENTION,
          LEASE,
          NODE_BEAT,
          DUE_EVERY,
          DISCONNECT_GRACE,
          SUBMIT_DUE,
          FILE_TTL,
          INLINE_RESULT_BYTES,
          STORE_TRANSPORT,
          PUSH_TRANSPORT,
          INVOKE_TRANSPORT,
          TRACES_ENDPOINT,
          TRACES_HEADERS,
          TRACES_RATIO,
          // beside the stage's own
          TOKEN_KEYS,
          TOKEN_JWKS_URL,
          TOKEN_ISSUER,
          TOKEN_AUDIENCE,
          TOKEN_ALGORITHMS,
          TOKEN_ISSUERS ->
          true;
      // where it listens, and with whom it speaks
      case HOST,
          PORT,
          INTERNAL_HOST,
          INTERNAL_PORT,
          INTERNAL_ADDRESS,
          INTERNAL_SECRET,
          NODE_ID,
          TABLE_PREFIX,
          PUBLISH_KEYS,
          HANDLERS,
          JOB_FUNCTION,
          API_ENDPOINTS,
          INTEGRATION_SECRET,
          INTEGRATION_PORT,
          TRUSTED_PROXIES,
          STOP_WATCH,
          BUCKET,
          // its output is the developer's, and nothing of it goes to CloudWatch
          LOG_FORMAT,
          LOG_LEVEL,
          METRICS_NAMESPACE,
          METRICS_TRANSPORT ->
          false;
    };
  }
}

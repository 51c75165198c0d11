package io.streamer.local.stage;

import io.streamer.emulator.fault.Sender;
import io.streamer.gateway.GatewaySettings;
import io.streamer.local.token.DevKey;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What a stage's gateway and worker find in their environment. */
final class StageSettings {
  static final String LOOPBACK = "127.0.0.1";
  static final String BUCKET = "streamer-local";

  /** What AWS clients here sign with: the object store alone looks at it. */
  static final String DUMMY = "local";

  static final String API = "local";

  private StageSettings() {}

  /** The same for one process: its calls can be told from those of others. */
  static Environment of(Map<String, String> settings, Sender sender) {
    var own = new HashMap<>(settings);
    own.put("AWS_SESSION_TOKEN", sender.id());
    return new Environment(own);
  }

  /**
   * Looks at all of them before anything is opened.
   *
   * @throws io.streamer.shared.settings.SettingsException as gateway and worker throw it
   */
  static void check(Map<String, String> settings) {
    var all = new HashMap<>(settings);
    // the emulator's is known when it listens
    all.putIfAbsent("STREAMER_API_ENDPOINTS", API + "=http://" + LOOPBACK);
    var environment = new Environment(all);
    var _ = GatewaySettings.read(environment);
    var _ = environment.flag(Setting.DEMO);
  }

  /** The stage's own settings, with the options' in their place. */
  static Map<String, String> of(StageOptions options) {
    var keys = DevKey.at(options.home).publish(options.home).toString();
    var settings = new HashMap<String, String>();
    settings.put("STREAMER_HOST", LOOPBACK);
    settings.put("STREAMER_PORT", Integer.toString(options.directPort));
    settings.put("STREAMER_INTERNAL_HOST", LOOPBACK);
    settings.put("STREAMER_INTERNAL_PORT", "0");
    settings.put("STREAMER_INTERNAL_ADDRESS", LOOPBACK);
    settings.put("STREAMER_INTERNAL_SECRET", UUID.randomUUID().toString());
    settings.put("STREAMER_INTEGRATION_SECRET", UUID.randomUUID().toString());
    settings.put("STREAMER_TABLE_PREFIX", "streamer");
    settings.put("STREAMER_TOKEN_KEYS", keys);
    settings.put("STREAMER_PUBLISH_KEYS", keys);
    settings.put("STREAMER_TOKEN_ISSUER", DevKey.ISSUER);
    settings.put("STREAMER_TOKEN_AUDIENCE", DevKey.AUDIENCE);
    settings.put("STREAMER_JOB_FUNCTION", "streamer-job");
    settings.put("STREAMER_DEMO", Boolean.toString(options.demo));
    settings.put("STREAMER_SHUTDOWN_GRACE", "10s");
    // short waits, so that what recovers is seen to recover
    settings.put("STREAMER_LEASE", "10s");
    settings.put("STREAMER_NODE_BEAT", "2s");
    settings.put("STREAMER_SUBMIT_DUE", "10s");
    settings.put("STREAMER_DISCONNECT_GRACE", "5s");
    // all that it stands for shares one process and one machine with it
    settings.put("STREAMER_MAX_LOOP_LAG", "30s");
    settings.put("STREAMER_BUCKET", BUCKET);
    settings.put("AWS_REGION", "us-east-1");
    settings.put("AWS_ACCESS_KEY_ID", DUMMY);
    settings.put("AWS_SECRET_ACCESS_KEY", DUMMY);
    if (options.settings.containsKey("STREAMER_TOKEN_ISSUERS")) {
      // the short form, and the keys that go with it, would contradict it
      settings.keySet().removeIf(name -> name.startsWith("STREAMER_TOKEN_"));
      settings.remove("STREAMER_PUBLISH_KEYS");
    }
    settings.putAll(options.settings);
    return settings;
  }
}

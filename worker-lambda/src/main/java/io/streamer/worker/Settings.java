package io.streamer.worker;

import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.store.StoreSettings;

/**
 * The worker's settings.
 *
 * @param internalSecret sent to gateway nodes with every push; empty for none
 */
record Settings(StoreSettings store, AwsSettings aws, String internalSecret) {
  private static final String JOB_FUNCTION = "STREAMER_JOB_FUNCTION";

  /**
   * @throws SettingsException if a setting is missing, unknown or out of range
   */
  static Settings of(Environment environment) {
    environment.refuseUnknown(Setting.names());
    return new Settings(
        StoreSettings.read(environment),
        AwsSettings.read(environment),
        environment.list("STREAMER_INTERNAL_SECRET").stream().findFirst().orElse(""));
  }

  /** The function that runs jobs: only the stream function needs it. */
  static String jobFunction(Environment environment) {
    return environment.text(JOB_FUNCTION);
  }

  /** Without the secret, which must reach no log. */
  @Override
  public String toString() {
    return "Settings[" + store + ", " + aws + "]";
  }
}

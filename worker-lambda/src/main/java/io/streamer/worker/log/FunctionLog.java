package io.streamer.worker.log;

import io.streamer.shared.log.LogSettings;
import io.streamer.shared.settings.Environment;

/** Chooses what SLF4J writes with, in a process that is a function. */
public final class FunctionLog {
  private static final String PROVIDER = "slf4j.provider";
  private static final String OF_ITSELF = "slf4j.internal.verbosity";

  private FunctionLog() {}

  /**
   * To be called before the first logger is asked for: SLF4J looks but once. A provider that the
   * process names itself stays.
   *
   * @return the environment
   * @throws io.streamer.shared.settings.SettingsException naming the setting of the log that has no
   *     such value
   */
  public static Environment chosenFor(Environment environment) {
    settings(environment);
    if (System.getProperty(PROVIDER) == null) {
      System.setProperty(PROVIDER, LineProvider.class.getName());
      // else it says at each start that it was told so
      if (System.getProperty(OF_ITSELF) == null) {
        System.setProperty(OF_ITSELF, "WARN");
      }
    }
    return environment;
  }

  static LogSettings settings(Environment environment) {
    return LogSettings.read(environment, LogSettings.Format.JSON);
  }
}

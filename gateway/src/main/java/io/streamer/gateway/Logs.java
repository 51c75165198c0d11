package io.streamer.gateway;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.Appender;
import io.streamer.shared.log.LogSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import org.slf4j.LoggerFactory;

/** The process's log, which {@code logback-gateway.xml} sets up from the same environment. */
final class Logs {
  private Logs() {}

  /**
   * Checks what the log's own configuration passes over in silence.
   *
   * @throws SettingsException naming the setting that has no such value
   */
  static void check(Environment environment) {
    LogSettings.read(environment, LogSettings.Format.TEXT);
  }

  /** Ends the process once the last lines are out: they are written behind. */
  static void halt(int code) {
    // not the whole context: it would stop the console before what writes behind it
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.iteratorForAppenders().forEachRemaining(Appender::stop);
    }
    Runtime.getRuntime().halt(code);
  }
}

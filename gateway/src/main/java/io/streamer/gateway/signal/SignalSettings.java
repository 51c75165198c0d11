package io.streamer.gateway.signal;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.util.Optional;

/**
 * Where metrics go besides the page.
 *
 * @param namespace of CloudWatch; they go nowhere else without one
 * @param transport the one way they get there, so that no value counts twice
 */
public record SignalSettings(Optional<String> namespace, Transport transport) {
  /** How they get to CloudWatch. */
  public enum Transport {
    /** By calls. */
    API,
    /** As lines of the process's output. */
    LOG
  }

  /**
   * Reads both.
   *
   * @throws SettingsException if there is no such transport, or lines are asked for and no
   *     namespace is there to stand in them
   */
  public static SignalSettings read(Environment environment) {
    var namespace = environment.find(Setting.METRICS_NAMESPACE);
    var transport = transport(environment.text(Setting.METRICS_TRANSPORT));
    if (transport == Transport.LOG && namespace.isEmpty()) {
      throw new SettingsException(
          "the setting "
              + Setting.METRICS_TRANSPORT
              + " is log, and "
              + Setting.METRICS_NAMESPACE
              + " is missing: each line names its namespace");
    }
    return new SignalSettings(namespace, transport);
  }

  /** The namespace, if metrics get there by this transport. */
  Optional<String> namespace(Transport by) {
    return namespace.filter(_ -> transport == by);
  }

  private static Transport transport(String text) {
    return switch (text) {
      case "api" -> Transport.API;
      case "log" -> Transport.LOG;
      default ->
          throw new SettingsException(
              "the setting " + Setting.METRICS_TRANSPORT + " is one of api, log, not " + text);
    };
  }
}

package io.streamer.shared.log;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.util.List;
import org.slf4j.event.Level;

/** How a process writes its log, and from which level on. */
public record LogSettings(Format format, Level level) {
  private static final List<String> LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");

  /** What a line is. */
  public enum Format {
    TEXT,
    JSON
  }

  /**
   * Reads both.
   *
   * @param usual without the setting
   * @throws SettingsException naming the setting that has no such value
   */
  public static LogSettings read(Environment environment, Format usual) {
    return new LogSettings(
        environment.find(Setting.LOG_FORMAT).map(LogSettings::format).orElse(usual),
        level(environment.text(Setting.LOG_LEVEL)));
  }

  private static Format format(String text) {
    return switch (text) {
      case "text" -> Format.TEXT;
      case "json" -> Format.JSON;
      default -> throw none(Setting.LOG_FORMAT, List.of("text", "json"), text);
    };
  }

  private static Level level(String text) {
    if (!LEVELS.contains(text)) {
      throw none(Setting.LOG_LEVEL, LEVELS, text);
    }
    return Level.valueOf(text);
  }

  private static SettingsException none(Setting setting, List<String> values, String value) {
    return new SettingsException(
        "the setting " + setting + " is one of " + String.join(", ", values) + ", not " + value);
  }
}

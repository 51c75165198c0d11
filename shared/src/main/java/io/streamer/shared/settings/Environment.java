package io.streamer.shared.settings;

import io.streamer.handler.Config;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A process's settings: a map, so that a stage in one JVM can give each part its own. */
public final class Environment implements Config {
  private static final String PREFIX = "STREAMER_";

  private final Map<String, String> values;

  public Environment(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /** The environment of this process. */
  public static Environment ofProcess() {
    return new Environment(System.getenv());
  }

  @Override
  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** What was set; the setting's default does not count. */
  public Optional<String> find(Setting setting) {
    return find(setting.variable());
  }

  /** The text, which must be there. */
  public String text(String name) {
    return find(name)
        .orElseThrow(() -> new SettingsException("the setting " + name + " is missing"));
  }

  /** The text, or the setting's default, of which there must be one. */
  public String text(Setting setting) {
    return fallingBack(setting)
        .orElseThrow(() -> new SettingsException("the setting " + setting + " is missing"));
  }

  /** A whole number within bounds, both included. */
  public int whole(Setting setting, int least, int most) {
    return whole(setting, text(setting), least, most);
  }

  /** The same of a setting whose default is found out at the start. */
  public int whole(Setting setting, int fallback, int least, int most) {
    return find(setting).map(text -> whole(setting, text, least, most)).orElse(fallback);
  }

  private static int whole(Setting setting, String text, int least, int most) {
    try {
      var number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // answered below, like a number out of bounds
    }
    throw bad(setting, text, "a whole number from " + least + " to " + most);
  }

  public Duration duration(Setting setting) {
    var text = text(setting);
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException _) {
      throw bad(setting, text, "a whole number with ms, s, m, h or d, such as 30s");
    }
  }

  /** A duration above zero. */
  public Duration positive(Setting setting) {
    var duration = duration(setting);
    if (duration.isZero()) {
      throw new SettingsException("the setting " + setting + " must be above zero");
    }
    return duration;
  }

  public boolean flag(Setting setting) {
    var text = text(setting);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(setting, text, "true or false");
    };
  }

  /** The parts of a comma list, stripped, without empty ones. */
  public List<String> list(Setting setting) {
    return fallingBack(setting).stream()
        .flatMap(text -> Arrays.stream(text.split(",", -1)))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /**
   * Refuses names that begin like ours and are not: a misspelt setting would be silently without
   * effect.
   *
   * @throws SettingsException naming the unknown one and the nearest known
   */
  public void refuseUnknown(Set<String> known) {
    for (var name : values.keySet()) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        throw new SettingsException(
            "the setting " + name + " is unknown; did you mean " + nearest(name, known) + "?");
      }
    }
  }

  private Optional<String> fallingBack(Setting setting) {
    return find(setting).or(() -> Optional.of(setting.fallback()).filter(text -> !text.isEmpty()));
  }

  private static SettingsException bad(Setting setting, String value, String rule) {
    // the value of a secret never comes here: secrets are texts without a rule
    return new SettingsException(
        "the setting " + setting + " is " + rule + ", not \"" + value + "\"");
  }

  private static String nearest(String name, Set<String> known) {
    return known.stream()
        .min(
            java.util.Comparator.<String>comparingInt(
                    candidate -> Nearest.distance(name, candidate))
                .thenComparing(java.util.Comparator.naturalOrder()))
        .orElse(PREFIX + "PORT");
  }
}

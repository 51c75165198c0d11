package io.streamer.shared.settings;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as settings and annotations write them: {@code 250ms}, {@code 5s}, {@code 2m}. */
public final class Durations {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads a whole number with its unit: ms, s, m, h or d.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Duration parse(String text) {
    var match = TEXT.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "a duration is a whole number with ms, s, m, h or d, such as 30s; not \"" + text + "\"");
    }
    var number = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}

package io.streamer.shared.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Of many names those that somebody may have meant. */
public final class Nearest {
  private static final int MOST = 3;

  private Nearest() {}

  /** The nearest first, three at most; none that differs in more than a third of its letters. */
  public static List<String> of(String typed, Collection<String> names) {
    var wanted = typed.toLowerCase(Locale.ROOT);
    int most = Math.max(2, wanted.length() / 3);
    return names.stream()
        .filter(name -> distance(wanted, name.toLowerCase(Locale.ROOT)) <= most)
        .sorted(Comparator.comparingInt(name -> distance(wanted, name.toLowerCase(Locale.ROOT))))
        .limit(MOST)
        .toList();
  }

  /** Asks whether one of these was meant, behind what is wrong; empty for none. */
  public static String question(List<String> nearest) {
    return nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
  }

  /** How many letters are to be put in, taken away or changed (Levenshtein). */
  static int distance(String one, String other) {
    var before = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      var now = new int[other.length() + 1];
      now[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int changed = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(changed, Math.min(before[j], now[j - 1]) + 1);
      }
      before = now;
    }
    return before[other.length()];
  }
}

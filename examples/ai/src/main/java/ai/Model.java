package ai;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * A model of a text: what follows two words in it may follow them again. It is trained as it is
 * made, in milliseconds, and the same seed tells the same story.
 */
final class Model {
  private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}'-]+|[.,;:!?]");

  private final Map<String, List<String>> behindTwo = new HashMap<>();
  private final Map<String, List<String>> behindOne = new HashMap<>();

  private Model(List<String> tokens) {
    for (int i = 1; i < tokens.size(); i++) {
      add(behindOne, key(tokens.get(i - 1)), tokens.get(i));
      if (i > 1) {
        add(behindTwo, key(tokens.get(i - 2), tokens.get(i - 1)), tokens.get(i));
      }
    }
  }

  /** A model of this text, which has a sentence at least. */
  static Model of(String text) {
    // before the first sentence stands the end of another
    var tokens = new ArrayList<String>(List.of("."));
    tokens.addAll(tokens(text));
    return new Model(tokens);
  }

  /** The one that comes with this jar. */
  static Model ofStory() {
    try (var in = Model.class.getResourceAsStream("lighthouse.txt")) {
      return of(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text's words and marks. */
  static List<String> tokens(String text) {
    return TOKEN.matcher(text).results().map(found -> found.group()).toList();
  }

  /** The token behind these, the same for the same seed. */
  String next(List<String> before, long seed) {
    var last = before.isEmpty() ? "." : before.getLast();
    var two = before.size() < 2 ? "." : before.get(before.size() - 2);
    var known = behindTwo.get(key(two, last));
    if (known == null) {
      known = behindOne.get(key(last));
    }
    if (known == null) {
      // a word that is not in the text: begin anew
      known = Objects.requireNonNull(behindOne.get("."));
    }
    return known.get(new SplittableRandom(seed + before.size()).nextInt(known.size()));
  }

  private static void add(Map<String, List<String>> to, String key, String token) {
    to.computeIfAbsent(key, _ -> new ArrayList<>()).add(token);
  }

  private static String key(String... tokens) {
    return String.join(" ", tokens).toLowerCase(Locale.ROOT);
  }
}

package io.streamer.local.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings in a file: a line {@code NAME=value} each, with {@code export} before it and quotes
 * around the value if one likes, and comments behind {@code #}. It is read when it is asked, so
 * what was saved counts.
 */
public final class EnvFile {
  public static final String NAME = ".env";

  private static final Pattern LINE =
      Pattern.compile(
          """
          (?x) \\s* (?:export\\s+)? ([A-Za-z_][A-Za-z0-9_.-]*) \\s* = \\s*
          (?: "((?:[^"\\\\]|\\\\.)*)" | '([^']*)' | ([^"'\\s\\#].*?)? )
          (?: \\s+\\#.* | \\s* )
          """);
  private static final Pattern EMPTY = Pattern.compile("\\s*(#.*)?");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

  private final Path file;

  /**
   * A file that may be there.
   *
   * @param file its path
   */
  public EnvFile(Path file) {
    this.file = file;
  }

  /**
   * A setting's value as the file has it now.
   *
   * @throws IllegalStateException with file and line, if a line is no setting
   * @throws UncheckedIOException if the file is there and cannot be read
   */
  public Optional<String> find(String name) {
    return Optional.ofNullable(all().get(name));
  }

  /**
   * All settings as the file has them now; none if it is not there.
   *
   * @throws IllegalStateException with file and line, if a line is no setting
   * @throws UncheckedIOException if the file is there and cannot be read
   */
  public Map<String, String> all() {
    try {
      return read();
    } catch (NoSuchFileException _) {
      return Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private Map<String, String> read() throws IOException {
    var values = new HashMap<String, String>();
    int number = 0;
    for (var line : Files.readAllLines(file)) {
      number++;
      if (EMPTY.matcher(line).matches()) {
        continue;
      }
      var setting = LINE.matcher(line);
      if (!setting.matches()) {
        // the line itself may hold a secret
        throw new IllegalStateException(file + ":" + number + ": is no NAME=value");
      }
      values.put(setting.group(1), value(setting.group(2), setting.group(3), setting.group(4)));
    }
    return values;
  }

  private static String value(
      @Nullable String escaped, @Nullable String literal, @Nullable String bare) {
    if (escaped != null) {
      return ESCAPE
          .matcher(escaped)
          .replaceAll(found ->
              Matcher.quoteReplacement(
                  switch (found.group(1)) {
                    case "n" -> "\n";
                    case "t" -> "\t";
                    case String other -> other;
                  }));
    }
    return literal != null ? literal : bare == null ? "" : bare;
  }
}

package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for whoever changes Streamer name what is there. */
class NamedClassesTest {
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern PLACE = Pattern.compile("(?:[a-z]+\\.)*[A-Z]\\w+(?:\\.\\w+)*");
  private static final Pattern CLASS = Pattern.compile("\\b[A-Z][a-z]\\w*");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

  @ParameterizedTest
  @ValueSource(strings = {"architecture.md", "vocabulary.md"})
  void everyClassOfThePageIsThere(String page) throws IOException {
    var text = Files.readString(LocalStage.home().resolve("docs").resolve(page));
    var named =
        CODE.matcher(text)
            .results()
            .map(code -> code.group(1))
            .filter(code -> PLACE.matcher(code).matches())
            .flatMap(code -> CLASS.matcher(code).results().map(it -> it.group()))
            .collect(Collectors.toSet());
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(declared()).containsAll(named);
  }

  private static Set<String> declared() throws IOException {
    try (var files = Files.walk(LocalStage.home())) {
      return files
          .filter(outside("target").and(outside("node_modules")))
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(NamedClassesTest::types)
          .collect(Collectors.toSet());
    }
  }

  private static Predicate<Path> outside(String folder) {
    return file -> !file.toString().contains("/" + folder + "/");
  }

  private static Stream<String> types(Path file) {
    try {
      Matcher types = DECLARED.matcher(Files.readString(file));
      return types.results().map(type -> type.group(1)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

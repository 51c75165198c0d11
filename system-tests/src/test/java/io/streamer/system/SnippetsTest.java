package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages show in Java compiles. */
class SnippetsTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern TYPE =
      Pattern.compile("(?m)^(?:public )?(?:final )?(?:class|record|interface) (\\w+)");

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("pages")
  void whatAPageShowsInJavaCompiles(Path page) throws IOException {
    var snippets =
        JAVA.matcher(Files.readString(LocalStage.home().resolve(page)))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    int number = 0;
    var seen = new HashSet<String>();
    var together = new CompiledJar();
    for (var snippet : snippets) {
      var type = TYPE.matcher(snippet);
      assertThat(type.find()).as(snippet).isTrue();
      var named = PACKAGE.matcher(snippet);
      var name = (named.find() ? named.group(1) + "." : "") + type.group(1);
      if (seen.add(name) && snippet.startsWith("package")) {
        together.source(name, snippet);
      } else {
        // a file of its own; a short one leaves the import out
        var text =
            snippet.contains("import ") ? snippet : "import io.streamer.handler.*;\n" + snippet;
        new CompiledJar().source(name, text).write(folder.resolve("alone" + number++ + ".jar"));
      }
    }
    assertThat(together.write(folder.resolve("together.jar"))).exists();
  }

  static List<Path> pages() throws IOException {
    var home = LocalStage.home();
    try (var docs = Files.walk(home.resolve("docs"))) {
      return Stream.concat(
              Stream.of(home.resolve("README.md"), home.resolve("clients/java/README.md")),
              docs.filter(file -> file.toString().endsWith(".md"))
                  // made from the code, with signatures alone
                  .filter(file -> !file.startsWith(home.resolve("docs/reference")))
                  .sorted())
          .map(home::relativize)
          .toList();
    }
  }
}

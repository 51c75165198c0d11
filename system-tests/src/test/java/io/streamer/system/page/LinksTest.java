package io.streamer.system.page;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links between the repository's pages. */
class LinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", ".git", ".streamer", ".idea", ".vscode");

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void everyLinkOfAPageToAnotherLeadsSomewhere(Path page) throws IOException {
    assertThat(MarkdownPage.read(ROOT.resolve(page)).broken(ROOT)).isEmpty();
  }

  static Stream<Path> everyLinkOfAPageToAnotherLeadsSomewhere() throws IOException {
    var pages = new ArrayList<Path>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md")) {
              pages.add(ROOT.relativize(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return pages.stream().sorted();
  }

  @ParameterizedTest
  @CsvSource({
    "see [it](other.md#two-words),",
    "see [it](other.md#two-words-1),",
    "see [it](other.md#a-link--code),",
    "see [it](#here) and [there](https://example.com/#x),",
    "see [it][1],",
    "a `[link](in-code.md)`,",
    "see [it](https://github.com/streamer/streamer/blob/main/other.md#two-words),",
    "see [it](missing.md),missing.md names no file",
    "see [it](https://github.com/streamer/streamer/blob/main/missing.md),https://github.com/streamer/streamer/blob/main/missing.md names no file",
    "see [it](other.md#one-word),other.md#one-word names no heading",
    "see [it](other.md#not-a-heading),other.md#not-a-heading names no heading",
    "see [it](#there),#there names no heading",
    "see [it](../outside.md),../outside.md leaves the repository",
    "'[1]: missing.md',missing.md names no file",
    "![image](missing.png \"title\"),missing.png names no file",
  })
  void aLinkThatLeadsNowhereIsTold(String line, String broken, @TempDir Path folder)
      throws IOException {
    Files.writeString(
        folder.resolve("other.md"),
        """
        # Two words
        ## [A link](other.md) & `code`
        ```
        # Not a heading
        ```
        ## Two words
        """);
    var page = folder.resolve("page.md");
    Files.writeString(page, "# Here\n\n" + line + "\n");

    assertThat(MarkdownPage.read(page).broken(folder))
        .isEqualTo(Stream.ofNullable(broken).filter(not(String::isEmpty)).toList());
  }

  /** A registry shows the page of a package, and not the pages beside it. */
  @ParameterizedTest
  @ValueSource(strings = {"js", "react", "python"})
  void thePageOfAPackageLinksToWholeAddresses(String client) throws IOException {
    var page = MarkdownPage.read(ROOT.resolve("clients").resolve(client).resolve("README.md"));
    assertThat(page.relative()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "protocol/README.md", "docs/build.md"})
  void thePagesAreFound(String page) throws IOException {
    assertThat(everyLinkOfAPageToAnotherLeadsSomewhere()).contains(Path.of(page));
  }
}

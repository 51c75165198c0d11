package io.streamer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** What a page tells its reader to type is taken, with all its options. */
class PageCommandsTest {
  private static final Path HOME = Path.of("..");
  // a line, or what is between two backticks
  private static final Pattern COMMAND = Pattern.compile("(`?)\\./streamer +([^`\n]+)");
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"|;&#)])+");
  private static final Pattern SHELL = Pattern.compile("\\s[|;&#)]|\\)");
  private static final Pattern OPTION = Pattern.compile("`(--[a-z][a-z-]*)[^`]*`");
  private static final Pattern USAGE =
      Pattern.compile("^```text\n\\./streamer .*?^```$", Pattern.MULTILINE | Pattern.DOTALL);
  // its own, which no Java sees
  private static final List<String> LAUNCHERS = List.of("test", "install", "help");

  @ParameterizedTest
  @MethodSource("pages")
  void aPagesCommandsAreTakenWithTheirOptions(Path page) throws IOException {
    COMMAND.matcher(text(page)).results().forEach(PageCommandsTest::check);
  }

  /** Options named without their command; another tool's stand in its command on the same page. */
  @ParameterizedTest
  @MethodSource("pages")
  void anOptionNamedOnAPageBelongsToACommand(Path page) throws IOException {
    var text = text(page);
    var known = new ArrayList<String>();
    collect(Main.commands(HOME, false), known);
    assertThat(OPTION.matcher(text).results().map(found -> found.group(1)))
        .allSatisfy(option ->
            assertThat(
                    known.contains(option)
                        || text.matches("(?s).*(?:docker|aws) [^`\n]*" + option + "\\b.*"))
                .as(option)
                .isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./streamer request echo --folow",
        "./streamer dev --port",
        "./streamer dead-letters lists",
        "./streamer soak --minutes soon # or longer",
        "./streamer init"
      })
  void whatNoCommandTakesIsNoticed(String line) {
    var found = COMMAND.matcher(line);
    assertThat(found.find()).isTrue();
    assertThat(notTaken(found.toMatchResult())).isNotEmpty();
  }

  static List<Path> pages() throws IOException {
    try (var docs = Files.walk(HOME.resolve("docs"));
        var examples = Files.list(HOME.resolve("examples"))) {
      return Stream.of(
              Stream.of("README.md", "CONTRIBUTING.md", "template/README.md").map(HOME::resolve),
              examples.map(it -> it.resolve("README.md")).filter(Files::exists).sorted(),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .flatMap(Function.identity())
          .toList();
    }
  }

  /** Without a command's usage line, which is to be read and not to be typed. */
  private static String text(Path page) throws IOException {
    return USAGE.matcher(Files.readString(page)).replaceAll("").replace("\\\n", " ");
  }

  private static void check(MatchResult command) {
    var problem = notTaken(command);
    if (!problem.isEmpty()) {
      fail("%s: %s", command.group().strip(), problem);
    }
  }

  /** Why not; empty if it is taken. */
  private static String notTaken(MatchResult command) {
    var line = SHELL.split(command.group(2), 2)[0];
    var words =
        WORD.matcher(line).results().map(word -> word.group().replaceAll("['\"]", "")).toList();
    if (LAUNCHERS.contains(words.getFirst())) {
      return "";
    }
    try {
      Main.commands(HOME, false).parseArgs(words.toArray(String[]::new));
      return "";
    } catch (MissingParameterException e) {
      // prose names a command without all that it needs
      return command.group(1).isEmpty() || line.contains(" --") ? e.getMessage() : "";
    } catch (ParameterException e) {
      return e.getMessage();
    }
  }

  private static void collect(CommandLine command, List<String> options) {
    command.getCommandSpec().optionsMap().keySet().forEach(options::add);
    command.getSubcommands().values().forEach(sub -> collect(sub, options));
  }
}

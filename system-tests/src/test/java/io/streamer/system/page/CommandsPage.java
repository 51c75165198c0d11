package io.streamer.system.page;

import static io.streamer.system.page.ReferencePages.row;
import static java.util.stream.Collectors.joining;

import io.streamer.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** docs/reference/commands.md, from what the launcher and the commands say of themselves. */
final class CommandsPage {
  /** A line of the launcher's list. */
  private static final Pattern LISTED = Pattern.compile(" {2}([a-z-]+) {2,}(.*)");

  /** A line that the launcher prints of what it does itself. */
  private static final Pattern PRINTED = Pattern.compile(" *echo '(.*)'");

  /** The sentence of a description that says what holds without the option. */
  private static final Pattern DEFAULT =
      Pattern.compile(" ?\\bDefault(?: (on [^:]+))?: (.+?)\\.(?= |$)");

  /** What is typed, named in a sentence. */
  private static final Pattern TYPED =
      Pattern.compile("\\./streamer [a-z-]+|(?<![\\w-])--[a-z][a-z-]*");

  private static final String USAGE = "Usage: ./streamer ";
  private static final String EXAMPLE = "Example: ";

  private final List<String> script;
  private final CommandLine all;

  /**
   * @param root the repository's
   */
  CommandsPage(Path root) throws IOException {
    script = Files.readAllLines(root.resolve("streamer"));
    all = Main.commands(root, false);
  }

  String text() {
    var help =
        script.stream()
            .dropWhile(line -> !line.endsWith("<<'HELP'"))
            .takeWhile(line -> !line.equals("HELP"))
            .toList();
    var listed = help.stream().map(LISTED::matcher).filter(Matcher::matches).toList();
    return """
    # Commands

    What `./streamer` can be told. A command says the same of itself with `--help`.

    | command | use it to |
    | --- | --- |
    """
        + listed.stream()
            .map(line -> row(linked(line.group(1)), line.group(2)))
            .collect(joining("", "", "\n"))
        + help.stream().filter(line -> line.startsWith("Exit codes:")).collect(joining())
        + "\n"
        + listed.stream().map(line -> section(line.group(1))).collect(joining());
  }

  /** An alias leads to what it is another name of. */
  private String linked(String name) {
    var command = all.getSubcommands().get(name);
    return "[`%s`](#%s)".formatted(name, command == null ? name : command.getCommandName());
  }

  private String section(String name) {
    var command = all.getSubcommands().get(name);
    if (command == null) {
      return launchersOwn(name);
    }
    return command.getCommandName().equals(name) ? section("##", name, command) : "";
  }

  private String launchersOwn(String name) {
    var lines =
        script.stream()
            .map(PRINTED::matcher)
            .dropWhile(line -> !(line.matches() && line.group(1).matches(USAGE + name + "\\b.*")))
            .takeWhile(Matcher::matches)
            .map(line -> line.group(1))
            .toList();
    var sentences =
        lines.stream().skip(1).filter(line -> !line.startsWith(EXAMPLE)).toArray(String[]::new);
    var example = lines.stream().filter(line -> line.startsWith(EXAMPLE)).findFirst();
    return opening("##", name, plain(sentences), lines.getFirst().substring("Usage: ".length()))
        + example.map(line -> example(line.substring(EXAMPLE.length()))).orElse("");
  }

  private static String section(String heading, String name, CommandLine command) {
    var spec = command.getCommandSpec();
    var example = String.join("\n", spec.usageMessage().footer()).strip();
    if (example.isEmpty()) {
      throw new IllegalStateException(name + " has no example");
    }
    return opening(heading, name, plain(spec.usageMessage().description()), synopsis(command))
        + arguments(spec)
        + exitCodes(spec)
        + example(example)
        + command.getSubcommands().values().stream()
            .map(below -> section(heading + "#", name + " " + below.getCommandName(), below))
            .collect(joining());
  }

  private static String opening(String heading, String name, String sentences, String usage) {
    return "\n%s %s\n\n%s\n\n```text\n%s\n```\n".formatted(heading, name, typed(sentences), usage);
  }

  private static String example(String line) {
    return "\nExample:\n\n```sh\n" + line + "\n```\n";
  }

  private static String plain(String[] lines) {
    return String.join(" ", lines).replaceAll(" +", " ").strip();
  }

  private static String typed(String sentences) {
    return TYPED.matcher(sentences).replaceAll("`$0`");
  }

  private static String synopsis(CommandLine command) {
    return new Help(command.getCommandSpec(), Help.defaultColorScheme(Help.Ansi.OFF))
        .synopsis(0)
        .strip();
  }

  private static String arguments(CommandSpec spec) {
    var options =
        spec.options().stream()
            .filter(option -> !option.hidden() && !option.usageHelp())
            .sorted(Comparator.comparing(OptionSpec::longestName));
    var rows =
        Stream.<ArgSpec>concat(spec.positionalParameters().stream(), options)
            .map(CommandsPage::argument)
            .collect(joining());
    return rows.isEmpty()
        ? ""
        : "\n| argument | without it | meaning |\n| --- | --- | --- |\n" + rows;
  }

  private static String argument(ArgSpec one) {
    var text = plain(one.description());
    var fallback = DEFAULT.matcher(text);
    if (!fallback.find()) {
      // an option of a group is required within its group alone
      var needed = one.required() && one.group() == null;
      return row(name(one), needed ? "wrong usage" : "–", typed(text));
    }
    var where = fallback.group(1) == null ? "" : fallback.group(1) + ": ";
    return row(
        name(one), typed(where + fallback.group(2)), typed(fallback.replaceFirst("").strip()));
  }

  private static String name(ArgSpec one) {
    if (one instanceof OptionSpec option) {
      var value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
      return "`" + String.join("`, `", option.names()) + value + "`";
    }
    return "`" + one.paramLabel() + "`";
  }

  private static String exitCodes(CommandSpec spec) {
    var codes = spec.usageMessage().exitCodeList();
    return codes.isEmpty()
        ? ""
        : "\n| exit code | when |\n| --- | --- |\n"
            + codes.entrySet().stream()
                .map(one -> row(one.getKey(), typed(one.getValue())))
                .collect(joining());
  }
}

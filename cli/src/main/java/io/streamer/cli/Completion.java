package io.streamer.cli;

import io.streamer.cli.option.HelpOption;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer completion}. */
@Command(
    name = "completion",
    description = {
      "Prints what completes these commands and their options in a shell.",
      "For good: put the line of the example into ~/.bashrc or ~/.zshrc; for fish, write the output",
      "to ~/.config/fish/completions/streamer.fish."
    },
    footerHeading = "%nExample:%n",
    footer = "  source <(./streamer completion bash)")
final class Completion implements Runnable {
  private static final String NAME = "streamer";

  /** What the script {@code streamer} does itself. */
  private static final Map<String, String> LAUNCHERS_OWN =
      Map.of(
          "install", "Puts what such projects compile against into the local Maven repository.",
          "test", "Runs everything that CI checks.",
          "help", "Lists the commands, or tells more of one.");

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.bash;

  /** As they are typed. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Override
  public void run() {
    var all = spec.root().commandLine();
    LAUNCHERS_OWN.forEach((name, summary) -> all.addSubcommand(name, said(summary)));
    var out = spec.commandLine().getOut();
    out.print(
        switch (shell) {
          // it sees to zsh itself
          case bash, zsh -> AutoComplete.bash(NAME, all);
          case fish -> fish(all);
        });
    out.flush();
  }

  private static CommandSpec said(String summary) {
    var command = CommandSpec.create();
    command.usageMessage().description(summary);
    return command;
  }

  private static String fish(CommandLine all) {
    var text = new StringBuilder("complete -c streamer -f\n");
    var names = String.join(" ", all.getSubcommands().keySet());
    all.getSubcommands()
        .forEach((name, command) -> {
          text.append(
              "complete -c streamer -n \"not __fish_seen_subcommand_from %s\" -a %s -d %s\n"
                  .formatted(names, name, quoted(summary(command))));
          text.append(options(name, command));
          command
              .getSubcommands()
              .forEach((below, nested) -> {
                text.append(
                    "complete -c streamer -n \"__fish_seen_subcommand_from %s\" -a %s -d %s\n"
                        .formatted(name, below, quoted(summary(nested))));
                text.append(options(below, nested));
              });
        });
    return text.toString();
  }

  private static String options(String name, CommandLine command) {
    return command.getCommandSpec().options().stream()
        .filter(option -> option.longestName().startsWith("--"))
        .sorted(Comparator.comparing(option -> option.longestName()))
        .map(option ->
            "complete -c streamer -n \"__fish_seen_subcommand_from %s\" -l %s%s -d %s\n"
                .formatted(
                    name,
                    option.longestName().substring(2),
                    option.arity().max() > 0 ? " -r -F" : "",
                    quoted(String.join(" ", option.description()))))
        .collect(Collectors.joining());
  }

  private static String summary(CommandLine command) {
    var lines = command.getCommandSpec().usageMessage().description();
    return lines.length == 0 ? "" : lines[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

package io.streamer.cli.option;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with a command line, in a line or two: its help is a command away. */
public final class WrongUsage {
  /** As picocli lists an enum's. */
  private static final Pattern CHOICES = Pattern.compile("\\[([\\w, -]*)\\] \\(case-\\w+\\)");

  private WrongUsage() {}

  /** Gives the exit code. */
  public static int wrong(ParameterException e, String[] args) {
    var command = e.getCommandLine();
    var err = command.getErr();
    var wrong = e instanceof MissingParameterException ? unknown(command, args, e) : e;
    err.println("streamer: " + said(wrong));
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      suggestions(unmatched)
          .forEach(one -> err.println("streamer: did you mean " + one.strip() + "?"));
    }
    err.println("streamer: see " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** What is misspelt is worth more than what is then missing. */
  private static ParameterException unknown(
      CommandLine command, String[] args, ParameterException missing) {
    var options = command.getCommandSpec().optionsMap();
    for (var arg : args) {
      var name = arg.split("=", 2)[0];
      if (name.matches("--[a-z-]+") && !options.containsKey(name)) {
        return new UnmatchedArgumentException(command, List.of(name));
      }
    }
    return missing;
  }

  /** A choice is listed once, in small letters, though capital ones name it too. */
  private static String said(ParameterException wrong) {
    return CHOICES
        .matcher(String.valueOf(wrong.getMessage()))
        .replaceAll(choices ->
            Arrays.stream(choices.group(1).split(", ", -1))
                .map(choice -> choice.toLowerCase(Locale.ROOT))
                .distinct()
                .collect(joining(", ")));
  }

  private static List<String> suggestions(UnmatchedArgumentException unmatched) {
    return unmatched.getSuggestions().stream().filter(Objects::nonNull).limit(3).toList();
  }
}

package io.streamer.cli.option;

import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with a command line, in a line or two: its help is a command away. */
public final class WrongUsage {
  private WrongUsage() {}

  /** Gives the exit code. */
  public static int wrong(ParameterException e, String[] args) {
    var command = e.getCommandLine();
    var err = command.getErr();
    var wrong = e instanceof MissingParameterException ? unknown(command, args, e) : e;
    err.println("streamer: " + wrong.getMessage());
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

  private static List<String> suggestions(UnmatchedArgumentException unmatched) {
    return unmatched.getSuggestions().stream().filter(Objects::nonNull).limit(3).toList();
  }
}

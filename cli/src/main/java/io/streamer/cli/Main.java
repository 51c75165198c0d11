package io.streamer.cli;

import io.streamer.cli.build.Refused;
import io.streamer.cli.dev.Dev;
import io.streamer.cli.door.Actions;
import io.streamer.cli.door.JobQuestion;
import io.streamer.cli.door.Jobs;
import io.streamer.cli.door.Open;
import io.streamer.cli.door.Probe;
import io.streamer.cli.door.Request;
import io.streamer.cli.door.Subscribing;
import io.streamer.cli.letters.DeadLetters;
import io.streamer.cli.letters.StorePlace;
import io.streamer.cli.option.WrongUsage;
import io.streamer.local.stage.PortTaken;
import io.streamer.shared.settings.SettingsException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The commands; the launcher has chosen the JDK and passes on what only it can see. */
@Command(name = "./streamer", synopsisSubcommandLabel = "COMMAND")
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    var home = Path.of(System.getProperty("streamer.home", ""));
    var terminal = Boolean.getBoolean("streamer.terminal");
    var keys = Boolean.getBoolean("streamer.keys");
    System.exit(
        commands(home, terminal, System.getenv(), keys ? Optional.of(System.in) : Optional.empty())
            .execute(args));
  }

  /**
   * The commands of a repository.
   *
   * @param terminal whether standard output is one: a script gets nothing but data
   */
  public static CommandLine commands(Path home, boolean terminal) {
    return commands(home, terminal, System.getenv());
  }

  static CommandLine commands(Path home, boolean terminal, Map<String, String> environment) {
    return commands(home, terminal, environment, Optional.empty());
  }

  private static CommandLine commands(
      Path home, boolean terminal, Map<String, String> environment, Optional<InputStream> keys) {
    return new CommandLine(new Main())
        .addSubcommand(new Init(home, System.getProperty("streamer.jdk", "")))
        .addSubcommand(new Dev(home, terminal, keys, environment))
        .addSubcommand(new Token(home))
        .addSubcommand(new Request(home, terminal, environment, keys))
        .addSubcommand(new JobQuestion.Status(home, terminal, environment))
        .addSubcommand(new JobQuestion.Cancel(home, terminal, environment))
        .addSubcommand(new Subscribing(home, terminal, environment, keys))
        .addSubcommand(new Jobs(home, terminal))
        .addSubcommand(new Actions(home, terminal))
        .addSubcommand(new Open(home))
        .addSubcommand(new Probe(environment))
        .addSubcommand(DeadLetters.of(new StorePlace(home, environment), terminal))
        .addSubcommand(new Build(home))
        .addSubcommand(new Costing())
        .addSubcommand(new Soaking(home))
        .addSubcommand(new Abusing(home))
        .addSubcommand(new Benching(home))
        .addSubcommand(new Completion())
        // an @ begins a file's name in --payload
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(WrongUsage::wrong)
        .setExecutionExceptionHandler((e, command, _) -> explain(e, command));
  }

  /**
   * What the user can mend is told in a line; anything else is a fault of ours and shows itself.
   */
  private static int explain(Exception e, CommandLine command) {
    switch (e) {
      case SettingsException _, UncheckedIOException _, Refused _ ->
          command.getErr().println("streamer: " + e.getMessage());
      case PortTaken taken ->
          command
              .getErr()
              .printf(
                  "streamer: port %d is taken; stop what listens there, or choose another with"
                      + " %s%n",
                  taken.port(), taken.option());
      default -> e.printStackTrace(command.getErr());
    }
    command.getErr().flush();
    return ExitCode.SOFTWARE;
  }
}

package io.streamer.cli;

import io.streamer.cli.build.Distribution;
import io.streamer.cli.build.ScratchFolder;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.option.Named;
import io.streamer.cli.terminal.Output;
import io.streamer.soak.abuse.Abuse;
import io.streamer.soak.abuse.Attack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer abuse}. */
@Command(
    name = "abuse",
    description = {
      "Sets one client at its worst on a packed gateway in a small container, and tells what another"
          + " client notices of it.",
      "Prints a line for each attack. Exit code 1 if the other client waited, or anything stayed."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer abuse pings hello --seconds 20")
final class Abusing implements Callable<Integer> {
  private static final double P99_MS = 250;

  private final Path home;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(
      paramLabel = "NAME",
      description = "Which attacks; all without any. --list tells their names.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Tells the attacks' names and ends.")
  private boolean list;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each attack goes on, up to an hour. Default: 60.")
  private int seconds = 60;

  @Option(
      names = "--heartbeat",
      paramLabel = "N",
      description = "The gateway's heartbeat in seconds, 1 to 60. Default: 25.")
  private int heartbeat = 25;

  @Option(
      names = "--memory",
      paramLabel = "N",
      description = "What the gateway's container has, in MiB, from 256. Default: 512.")
  private int memory = 512;

  Abusing(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var out = spec.commandLine().getOut();
    if (list) {
      for (var attack : Attack.values()) {
        out.printf("%-18s %s%n", attack, attack.what());
      }
      out.flush();
      return ExitCode.OK;
    }
    check("--seconds", seconds, 1, 3_600);
    check("--heartbeat", heartbeat, 1, 60);
    check("--memory", memory, 256, 64 * 1024);
    var attacks =
        names.isEmpty()
            ? List.of(Attack.values())
            : Named.of(spec.commandLine(), "attack", names, Attack.values());
    try (var scratch = ScratchFolder.make("streamer-abuse")) {
      var folder = scratch.path();
      new Distribution(home, this::say).make(Optional.empty(), true, folder, Map.of());
      var options =
          new Abuse.Options(
              home,
              folder.resolve("gateway"),
              seconds,
              memory * 1024L * 1024,
              Duration.ofSeconds(heartbeat),
              P99_MS);
      boolean well = true;
      for (var attack : attacks) {
        var outcome = Abuse.run(attack, options, this::say);
        out.print(line(outcome));
        out.flush();
        well &= outcome.wrong().isEmpty();
      }
      return well ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), "%s is %d to %d, not %d".formatted(option, least, most, value));
    }
  }

  private void say(String line) {
    Output.tell(spec.commandLine(), line);
  }

  private static String line(Abuse.Outcome outcome) {
    var served = outcome.served();
    return String.format(
        Locale.ROOT,
        "%-18s other client: %,d of %,d answered, p50 %.1f, p99 %.1f, longest %.1f ms; memory %,d"
            + " MiB%s; gone after %s; %d refused; %d log lines; %s%n",
        outcome.attack(),
        served.answered(),
        served.asked(),
        served.p50(),
        served.p99(),
        served.longest(),
        outcome.memory() >> 20,
        outcome.limited() ? "" : " (not limited by the system)",
        outcome.goneMs() < 0 ? "never" : "%.1f s".formatted(outcome.goneMs() / 1000.0),
        outcome.refused(),
        outcome.logLines(),
        outcome.wrong().isEmpty() ? "well" : "WRONG: " + String.join("; ", outcome.wrong()));
  }
}

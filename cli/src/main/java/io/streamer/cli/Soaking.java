package io.streamer.cli;

import io.streamer.cli.build.ScratchFolder;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.Output;
import io.streamer.soak.Overload;
import io.streamer.soak.Soak;
import io.streamer.soak.StageSite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamer soak}. */
@Command(
    name = "soak",
    description = {
      "Runs jobs of mixed kinds on a stage of its own while whatever can fail fails, and checks what"
          + " must hold of each.",
      "Prints a line of counts each second. Exit code 1 if anything did not hold.",
      "With --overload nothing fails, and more jobs are asked for than can be started."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer soak --minutes 30 --seed 7")
final class Soaking implements Callable<Integer> {
  private static final int MOST_MINUTES = 24 * 60;
  private static final int PER_SECOND = 200;
  private static final Duration START = Duration.ofMillis(20);
  private static final int AT_ONCE = 50;

  private final Path home;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long it asks for jobs, up to a day. Default: 1, and 3 for --overload.")
  private Optional<Integer> given = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Gives the jobs, the faults and the clients' habits. Default: a new one.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Clients, each with up to four requests at a time. Default: 30.")
  private int clients = 30;

  @Option(names = "--no-faults", description = "Nothing fails but the clients' sockets.")
  private boolean calm;

  @Option(
      names = "--overload",
      description =
          "200 jobs a second, each of which Lambda takes 20 ms to accept, then none: tells how many"
              + " starts were written and when the last job had ended.")
  private boolean overload;

  Soaking(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    int minutes = given.orElse(overload ? 3 : 1);
    if (minutes < 1 || minutes > MOST_MINUTES) {
      throw new ParameterException(
          spec.commandLine(), "--minutes is 1 to " + MOST_MINUTES + ", not " + minutes);
    }
    if (clients < 1 || clients > 1_000) {
      throw new ParameterException(spec.commandLine(), "--clients is 1 to 1000, not " + clients);
    }
    try (var ledger = ScratchFolder.make("streamer-soak")) {
      return overload ? overload(ledger.path(), minutes) : soak(ledger.path(), minutes);
    }
  }

  private int overload(Path ledger, int minutes) throws InterruptedException, IOException {
    var report =
        Overload.run(
            home,
            ledger,
            new Overload.Options(
                PER_SECOND, Duration.ofMinutes(minutes), START, AT_ONCE, Duration.ofMinutes(15)),
            this::print);
    print(
        "%,d jobs, %,d refused for now; %,d starts written, %,d invocations"
            .formatted(report.accepted(), report.refused(), report.starts(), report.invocations()));
    print(
        "%,d ended, the last one %,d s behind the last request; %d things wrong"
            .formatted(report.ended(), report.recovery().toSeconds(), report.violations().size()));
    return judge(report.violations());
  }

  private int soak(Path ledger, int minutes) throws InterruptedException, IOException {
    var out = spec.commandLine().getOut();
    long chosen = seed.orElseGet(System::nanoTime);
    out.println("seed " + chosen);
    Soak.Report report;
    try (var site = new StageSite(home, ledger, chosen, !calm)) {
      report =
          Soak.run(
              site,
              new Soak.Options(
                  ledger,
                  chosen,
                  Integer.MAX_VALUE,
                  clients,
                  Duration.ofMinutes(minutes),
                  Duration.ofMinutes(2),
                  Duration.ofSeconds(4),
                  200),
              this::print);
    }
    report.faults().forEach((fault, times) -> out.printf("%-24s %,d%n", fault, times));
    report.ended().forEach((kind, times) -> out.printf("%-24s %,d%n", kind, times));
    out.printf("%-24s %,d%n", "closed for not reading", report.closed());
    out.printf(
        "%,d requests, %,d jobs, %,d frames; %d things wrong%n",
        report.jobs(), report.accepted(), report.frames(), report.violations().size());
    return judge(report.violations());
  }

  private int judge(List<String> violations) {
    violations.forEach(this::print);
    return violations.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void print(String line) {
    Output.print(spec.commandLine().getOut(), line);
  }
}

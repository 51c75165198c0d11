package io.streamer.cli;

import io.streamer.soak.Soak;
import io.streamer.soak.StageSite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
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
      "Prints a line of counts each second. Exit code 1 if anything did not hold."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer soak --minutes 30 --seed 7")
final class Soaking implements Callable<Integer> {
  private static final int MOST_MINUTES = 24 * 60;

  private final Path home;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long it asks for jobs, up to a day. Default: 1.")
  private int minutes = 1;

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

  Soaking(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (minutes < 1 || minutes > MOST_MINUTES) {
      throw new ParameterException(
          spec.commandLine(), "--minutes is 1 to " + MOST_MINUTES + ", not " + minutes);
    }
    if (clients < 1 || clients > 1_000) {
      throw new ParameterException(spec.commandLine(), "--clients is 1 to 1000, not " + clients);
    }
    var out = spec.commandLine().getOut();
    long chosen = seed.orElseGet(System::nanoTime);
    out.println("seed " + chosen);
    var ledger = Files.createTempDirectory("streamer-soak");
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
              line -> {
                out.println(line);
                out.flush();
              });
    }
    remove(ledger);
    report.faults().forEach((fault, times) -> out.printf("%-24s %,d%n", fault, times));
    report.ended().forEach((kind, times) -> out.printf("%-24s %,d%n", kind, times));
    out.printf("%-24s %,d%n", "closed for not reading", report.closed());
    out.printf(
        "%,d requests, %,d jobs, %,d frames; %d things wrong%n",
        report.jobs(), report.accepted(), report.frames(), report.violations().size());
    report.violations().forEach(out::println);
    out.flush();
    return report.violations().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static void remove(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

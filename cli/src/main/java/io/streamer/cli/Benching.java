package io.streamer.cli;

import io.streamer.cli.build.Distribution;
import io.streamer.cli.build.ScratchFolder;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.option.Named;
import io.streamer.cli.terminal.Output;
import io.streamer.cli.terminal.StartedProcesses;
import io.streamer.soak.bench.Bench;
import io.streamer.soak.bench.BenchCase;
import io.streamer.soak.bench.Figure;
import io.streamer.soak.bench.Surroundings;
import io.streamer.soak.bench.server.BenchOptions;
import io.streamer.soak.bench.server.BenchOptions.Effort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer bench}. */
@Command(
    name = "bench",
    description = {
      "Measures what a round trip, a handshake and an idle socket cost a packed gateway, beside a"
          + " bare Vert.x server in the same run.",
      "Prints a line for each side of each case and keeps them in bench/results. Linux alone."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer bench echo-1 echo-16 --quick")
final class Benching implements Callable<Integer> {
  private static final Effort THOROUGH = new Effort(6_000, 7, 2_000, 5_000, 600_000, 1_800_000, 0);
  private static final Effort QUICK = new Effort(3_000, 3, 1_000, 1_000, 300_000, 60_000, 0);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path home;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(
      paramLabel = "NAME",
      description =
          "Which cases; without any, all but those that take ten minutes and more. --list tells"
              + " their names.")
  private List<String> names = List.of();

  @Option(names = "--list", description = "Tells the cases' names and ends.")
  private boolean list;

  @Option(names = "--quick", description = "Fewer and shorter rounds: a fifth of the time.")
  private boolean quick;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "In echo-1, echo-16, rate-10k and submit each side is asked for so long in one go, up to"
              + " an hour, in place of the rounds.")
  private int seconds;

  @Option(
      names = "--memory",
      paramLabel = "N",
      description = "What each server's container has, in MiB, from 256. Default: 512.")
  private int memory = 512;

  @Option(
      names = "--packed",
      paramLabel = "DIR",
      description = "A folder gateway that ./streamer build made. Default: one of this version.")
  private @Nullable Path packed;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description =
          "The folder gateway that ./streamer build made of another version, to be measured in the"
              + " same run.")
  private @Nullable Path against;

  Benching(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var out = spec.commandLine().getOut();
    if (list) {
      for (var one : BenchCase.values()) {
        out.printf("%-13s %s%n", one, one.what());
      }
      out.flush();
      return ExitCode.OK;
    }
    if (memory < 256 || memory > 64 * 1024) {
      throw new ParameterException(
          spec.commandLine(), "--memory is 256 to 65536, not %d".formatted(memory));
    }
    if (seconds < 0 || seconds > 3_600) {
      throw new ParameterException(
          spec.commandLine(), "--seconds is up to 3600, not %d".formatted(seconds));
    }
    check("--packed", packed);
    check("--against", against);
    var cases = cases();
    try (var folder = ScratchFolder.make("streamer-bench")) {
      var scratch = folder.path();
      if (packed == null) {
        new Distribution(home, this::say).make(Optional.empty(), false, scratch, Map.of());
      }
      var options =
          new BenchOptions(
              home,
              packed == null ? scratch.resolve("gateway") : packed,
              Optional.ofNullable(against),
              scratch,
              memory * 1024L * 1024,
              (quick ? QUICK : THOROUGH).inOneGo(seconds * 1_000L));
      measure(cases, options);
      return ExitCode.OK;
    }
  }

  private void measure(List<BenchCase> cases, BenchOptions options)
      throws IOException, InterruptedException {
    var out = spec.commandLine().getOut();
    var begun = Instant.now();
    var surroundings = Surroundings.of(home, begun, command());
    var results = home.resolve("bench/results");
    Files.createDirectories(results);
    var file = results.resolve(STAMP.format(begun) + "-" + surroundings.commit() + ".jsonl");
    StartedProcesses.endWithThis();
    try (var bench = Bench.start(options, this::say)) {
      for (var one : cases) {
        for (var figure : bench.run(one)) {
          out.print(line(figure));
          out.flush();
          Files.writeString(
              file,
              surroundings.json().mergeIn(figure.json()).encode() + "\n",
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
        }
      }
    }
    say("kept in " + file);
  }

  private void check(String option, @Nullable Path folder) {
    if (folder != null && Files.notExists(folder.resolve("lib"))) {
      throw new ParameterException(
          spec.commandLine(), "%s: there is no gateway in %s".formatted(option, folder));
    }
  }

  private String command() {
    // the first is this command's name, where it was called by the launcher's
    return "./streamer bench"
        + spec.commandLine().getParseResult().originalArgs().stream()
            .skip(spec.parent() == null ? 0 : 1)
            .map(argument -> " " + argument)
            .collect(Collectors.joining());
  }

  private List<BenchCase> cases() {
    return names.isEmpty()
        ? Arrays.stream(BenchCase.values()).filter(one -> !one.isByNameAlone()).toList()
        : Named.of(spec.commandLine(), "case", names, BenchCase.values());
  }

  private void say(String line) {
    Output.tell(spec.commandLine(), line);
  }

  private static String line(Figure figure) {
    var text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-13s %-17s", figure.of(), figure.side()));
    figure
        .numbers()
        .forEach(
            (name, number) -> text.append(String.format(Locale.ROOT, "  %s %,.1f", name, number)));
    if (!Double.isNaN(figure.toBase())) {
      text.append(String.format(Locale.ROOT, "  to %s %.2f", figure.base(), figure.toBase()));
    }
    return text.append(System.lineSeparator()).toString();
  }
}

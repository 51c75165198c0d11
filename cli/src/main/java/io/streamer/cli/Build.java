package io.streamer.cli;

import io.streamer.cli.build.Distribution;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamer build}. */
@Command(
    name = "build",
    description = {
      "Packs what is deployed: worker.zip for Lambda, and the gateway's folder.",
      "A handler jar's own dependencies belong into the folder beside it."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer build --handlers shop/target/handlers --output dist")
final class Build implements Callable<Integer> {
  private final Path home;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--handlers",
      paramLabel = "DIR",
      description = "A folder of handler jars and all that they need.")
  private Optional<Path> handlers = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where to put it. Default: dist, in the current folder.")
  private Path output = Path.of("dist");

  @Option(names = "--demo", description = "Pack the demo actions, too.")
  private boolean demo;

  Build(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() throws IOException {
    var command = spec.commandLine();
    if (handlers.isEmpty() && !demo) {
      throw new ParameterException(command, "--handlers DIR, --demo or both are needed");
    }
    if (handlers.isPresent() && !Files.isDirectory(handlers.get())) {
      throw new ParameterException(command, "--handlers: there is no folder " + handlers.get());
    }
    var distribution = new Distribution(home, line -> Output.tell(command, line));
    var out = command.getOut();
    for (var made : distribution.make(handlers, demo, output, System.getenv())) {
      out.printf(
          Locale.ROOT, "%-8s %s (%.1f MB)%n", made.name(), made.path(), made.bytes() / 1_000_000.0);
    }
    out.flush();
    return ExitCode.OK;
  }
}

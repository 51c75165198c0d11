package io.streamer.cli.door;

import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.Output;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer open}. */
@Command(
    name = "open",
    description = {
      "Opens the console of the running ./streamer dev in a browser, and prints where it is.",
      "With JOB_ID: at that job."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer open")
public final class Open implements Callable<Integer> {
  private final Path home;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(paramLabel = "JOB_ID", arity = "0..1", description = "As ./streamer jobs lists it.")
  private Optional<String> jobId = Optional.empty();

  public Open(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() {
    var command = spec.commandLine();
    var running = DevFeed.find(home);
    if (running.isEmpty()) {
      Output.tell(command, "no stage runs here: start one with ./streamer dev");
      return ExitCode.SOFTWARE;
    }
    var page =
        running
            .get()
            .console()
            .resolve(jobId.map(id -> "/#/jobs/" + id.replaceAll("[^\\w-]", "")).orElse("/#/jobs"));
    command.getOut().println(page);
    command.getOut().flush();
    if (!Opener.open(page)) {
      Output.tell(command, "this system has no xdg-open: open the page yourself");
    }
    return ExitCode.OK;
  }
}

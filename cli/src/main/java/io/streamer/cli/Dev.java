package io.streamer.cli;

import io.streamer.emulator.fault.PlanException;
import io.streamer.local.live.LiveHandlers;
import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.local.token.TokenClaims;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamer dev}. */
@Command(
    name = "dev",
    description = {
      "Starts the gateway, the worker and all they need on this machine, in one process.",
      "Everything listens on loopback only. Ctrl-C stops it.",
      "On a terminal, the key k kills the worker of a running job, as a crash would."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer dev --direct-port 9081 --data /tmp/streamer")
final class Dev implements Callable<Integer> {
  static final int DIRECT_PORT = 8081;
  static final int PORT = 8080;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

  private final Path home;
  private final boolean terminal;
  private final Optional<InputStream> keys;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--direct-port",
      paramLabel = "PORT",
      description = "Where clients connect; 0 takes any free port. Default: " + DIRECT_PORT + ".")
  private int directPort = DIRECT_PORT;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Where clients connect through API Gateway; 0 takes any free port. Default: "
              + PORT
              + ".")
  private int port = PORT;

  @Option(
      names = "--handlers",
      paramLabel = "DIR",
      description = {
        "A folder of handlers to serve beside the demo actions: jars, and single Java files.",
        "What is saved there is served at once; what runs goes on with the code it started with."
      })
  private Optional<Path> handlers = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "A folder that keeps the state; without it, state lives in memory.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--faults",
      paramLabel = "FILE",
      description = {
        "What goes wrong on purpose: a JSON file with rules, see docs/faults.md.",
        "What is saved there counts at once."
      })
  private Optional<Path> faults = Optional.empty();

  @Option(names = "--quiet", description = "No line per request and job event.")
  private boolean quiet;

  /**
   * The command.
   *
   * @param keys what is typed, if somebody can type
   * @param environment settings of gateway and worker
   */
  Dev(Path home, boolean terminal, Optional<InputStream> keys, Map<String, String> environment) {
    this.home = home;
    this.terminal = terminal;
    this.keys = keys;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    var command = spec.commandLine();
    requirePort(command, "--direct-port", directPort);
    requirePort(command, "--port", port);
    if (handlers.isPresent() && !Files.isDirectory(handlers.get())) {
      throw new ParameterException(command, "--handlers: there is no folder " + handlers.get());
    }
    if (faults.isPresent() && !Files.isRegularFile(faults.get())) {
      throw new ParameterException(command, "--faults: " + faults.get() + " is no file");
    }
    Optional<FaultsFile> wrong;
    try {
      wrong = faults.map(file -> faults(command, file));
    } catch (PlanException e) {
      command.getErr().println(e.getMessage());
      command.getErr().flush();
      return ExitCode.USAGE;
    }
    var settings = DevSettings.of(environment);
    settings.lines().forEach(line -> print(command.getErr(), "streamer: " + line));
    var stop = StopOnSignal.install(command.getErr(), settings.longestStop(LONGEST_STOP));
    var out = command.getOut();
    var options =
        StageOptions.at(home)
            .directPort(directPort)
            .apiPort(port)
            .handlers(handlers)
            .data(data)
            .settings(settings.taken())
            .live(
                new LiveHandlers.Listener(
                    line -> print(out, line), line -> print(command.getErr(), line)))
            .log(line -> log(out, line));
    // closed by the signal that ends this process
    var stage = Stage.start(options);
    var address = new DevAddress(home);
    var keyTerminal = keys.flatMap(_ -> KeyTerminal.take());
    stop.then(() -> {
      keyTerminal.ifPresent(KeyTerminal::putBack);
      address.withdraw(stage.direct());
      stage.close();
    });
    address.publish(stage.direct(), new DevAddress.Store(stage.dynamo(), stage.tablePrefix()));
    out.print(ready(stage));
    keyTerminal.ifPresent(mine -> {
      out.println("  kill         press k to end the worker of a running job");
      var actions = Map.<Character, Runnable>of('k', () -> print(out, killWorker(stage)));
      new KeyPresses(keys.orElseThrow(), mine::inForeground, actions).listen();
    });
    out.flush();
    wrong.ifPresent(file -> file.follow(stage.faults()));
    new CountDownLatch(1).await();
    throw new IllegalStateException("only a signal ends the wait");
  }

  private static FaultsFile faults(CommandLine command, Path file) {
    return new FaultsFile(file, line -> print(command.getOut(), line), InstantSource.system());
  }

  /** The one whose run began last; what it did in words. */
  static String killWorker(Stage stage) {
    for (var job : stage.runningJobs().reversed()) {
      if (stage.killWorker(job)) {
        return "killed the worker of job " + job + "; its bar goes on";
      }
    }
    return "no job runs";
  }

  private static void requirePort(CommandLine command, String option, int value) {
    if (value < 0 || value > 65_535) {
      throw new ParameterException(command, option + " is 0 to 65535, not " + value);
    }
  }

  private void log(PrintWriter out, String line) {
    if (terminal && !quiet) {
      // a handler chooses part of it
      print(out, line.replaceAll("\\p{Cntrl}", " "));
    }
  }

  private static void print(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }

  private static String ready(Stage stage) {
    var now = Instant.now();
    var started = ProcessHandle.current().info().startInstant().orElse(now);
    return String.format(
        Locale.ROOT,
        """
        Streamer is ready (%.1f s)
          direct       %s
          api gateway  %s
          console      %s
          handlers     %s
          token        ./streamer token --user %s --tenant %s
          try          ./streamer request echo_async --payload '{"hello":"world"}' --follow
        """,
        Duration.between(started, now).toMillis() / 1000.0,
        stage.direct(),
        stage.apiGateway(),
        stage.console(),
        String.join(", ", stage.actions()),
        TokenClaims.USER,
        TokenClaims.TENANT);
  }
}

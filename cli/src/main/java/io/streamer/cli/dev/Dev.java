package io.streamer.cli.dev;

import io.streamer.cli.door.DevAddress;
import io.streamer.cli.option.HelpOption;
import io.streamer.cli.terminal.KeyPresses;
import io.streamer.cli.terminal.KeyTerminal;
import io.streamer.cli.terminal.StopOnSignal;
import io.streamer.emulator.fault.PlanException;
import io.streamer.local.live.EnvFile;
import io.streamer.local.live.LiveHandlers;
import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import io.streamer.local.token.TrustedIssuers;
import io.streamer.shared.settings.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./streamer dev}. */
@Command(
    name = "dev",
    description = {
      "Starts the gateway, the worker and all they need on this machine, in one process.",
      "Everything listens on loopback only. Ctrl-C stops it.",
      "DIR is a Maven project, whose sources are compiled and served as they are saved, or a",
      "folder of jars and single Java files. Handlers find this environment, and the file .env in",
      "DIR, in their Config; both may have STREAMER_ settings, such as whose tokens are believed.",
      "The folder DIR/page, if there is one, is served as it is, at /page/.",
      "On a terminal, the key h tells which keys there are."
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer dev ../shop --data /tmp/streamer")
public final class Dev implements Callable<Integer> {
  static final int PORT = 8080;
  static final int DEBUG_PORT = 5005;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

  private final Path home;
  private final boolean terminal;
  private final Optional<InputStream> keys;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin HelpOption help = new HelpOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Handlers of your own: a project or a folder.")
  private Optional<Path> project = Optional.empty();

  @Option(
      names = "--direct-port",
      paramLabel = "PORT",
      description = {
        "Where clients connect; 0 takes any free port. Default: "
            + DevAddress.DIRECT_PORT
            + ", or if that is taken",
        "any free one."
      })
  private int directPort = DevAddress.DIRECT_PORT;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = {
        "Where clients connect through API Gateway; 0 takes any free port. Default: "
            + PORT
            + ", or",
        "if that is taken any free one."
      })
  private int port = PORT;

  @Option(
      names = "--handlers",
      paramLabel = "DIR",
      description = {
        "The same as DIR: what is saved there is served at once; what runs goes on with the code",
        "it started with."
      })
  private Optional<Path> handlers = Optional.empty();

  @Option(
      names = "--demo",
      description = {
        "Serve the demo actions beside handlers of your own, which otherwise hide them. One that",
        "has the name of an action of yours gives way to it."
      })
  private boolean demo;

  // the launcher looks at both: the agent must be there from the beginning
  @Option(
      names = "--debug",
      description = "Let a debugger attach, at port " + DEBUG_PORT + " of loopback.")
  private boolean debug;

  @Option(names = "--debug-port", paramLabel = "PORT", description = "The same at another port.")
  private Optional<Integer> debugPort = Optional.empty();

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
  public Dev(
      Path home, boolean terminal, Optional<InputStream> keys, Map<String, String> environment) {
    this.home = home;
    this.terminal = terminal;
    this.keys = keys;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    var command = spec.commandLine();
    var served = checked(command);
    Optional<FaultsFile> wrong;
    try {
      wrong = faults.map(file -> faults(command, file));
    } catch (PlanException e) {
      command.getErr().println(e.getMessage());
      command.getErr().flush();
      return ExitCode.USAGE;
    }
    var settings =
        DevSettings.of(environment, served.map(it -> new EnvFile(it.resolve(EnvFile.NAME))));
    var all = settings(settings);
    settings.lines().forEach(line -> command.getErr().println("streamer: " + line));
    command.getErr().flush();
    var stop = StopOnSignal.install(command.getErr(), settings.longestStop(LONGEST_STOP));
    var log = new DevLog(command.getOut(), command.getErr(), colours());
    var api = Port.of(port, command.getParseResult().hasMatchedOption("--port"));
    var door = Port.of(directPort, command.getParseResult().hasMatchedOption("--direct-port"));
    var options =
        StageOptions.at(home)
            .directPort(door.number())
            // without faults no socket is cut and no gateway killed
            .frontDoor(faults.isPresent())
            .apiPort(api.number())
            .handlers(served)
            .data(data)
            .demo(served.isEmpty())
            .settings(all)
            .handlerSettings(environment)
            .live(new LiveHandlers.Listener(log::say, log::error))
            .log(line -> event(log, line));
    // closed by the signal that ends this process
    var stage = Stage.start(options);
    var address = new DevAddress(home);
    var keyTerminal = keys.flatMap(_ -> KeyTerminal.take());
    stop.then(() -> {
      keyTerminal.ifPresent(KeyTerminal::putBack);
      address.withdraw();
      left(stage).ifPresent(log::say);
      stage.close();
    });
    address.publish(stage.direct(), new DevAddress.Store(stage.dynamo(), stage.tablePrefix()));
    var out = command.getOut();
    out.print(ready(stage, door, api));
    served.filter(_ -> stage.hasEmptyFolder()).ifPresent(folder -> out.print(nothingIn(folder)));
    var presses = new DevKeys(stage, log, wrong);
    keyTerminal.ifPresent(mine -> {
      out.println("  keys         h tells which there are; k kills the worker of a running job");
      new KeyPresses(keys.orElseThrow(), mine::inForeground, presses.actions()).listen();
    });
    out.flush();
    wrong.ifPresent(file -> file.follow(stage.faults()));
    new CountDownLatch(1).await();
    throw new IllegalStateException("only a signal ends the wait");
  }

  /** What is served, once all that was asked for makes sense. */
  private Optional<Path> checked(CommandLine command) {
    requirePort(command, "--direct-port", directPort);
    requirePort(command, "--port", port);
    debugPort.ifPresent(it -> requirePort(command, "--debug-port", it));
    if (port != 0 && port == directPort) {
      throw new ParameterException(command, "--port and --direct-port must differ");
    }
    if (project.isPresent() && handlers.isPresent()) {
      throw new ParameterException(command, "DIR and --handlers are the same: give one of them");
    }
    var served = project.or(() -> handlers);
    served
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(folder -> {
          throw new ParameterException(command, "there is no folder " + folder);
        });
    if (faults.isPresent() && !Files.isRegularFile(faults.get())) {
      throw new ParameterException(command, "--faults: " + faults.get() + " is no file");
    }
    return served;
  }

  /** What was asked for on the command line counts for more. */
  private Map<String, String> settings(DevSettings found) {
    var all = new HashMap<>(found.taken());
    if (demo) {
      all.put(Setting.DEMO.variable(), "true");
    }
    return TrustedIssuers.beside(DevKey.at(home), all);
  }

  private boolean colours() {
    return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  private static FaultsFile faults(CommandLine command, Path file) {
    return new FaultsFile(file, line -> print(command.getOut(), line), InstantSource.system());
  }

  private static void requirePort(CommandLine command, String option, int value) {
    if (value < 0 || value > 65_535) {
      throw new ParameterException(command, option + " is 0 to 65535, not " + value);
    }
  }

  private void event(DevLog log, String line) {
    if (terminal && !quiet) {
      log.event(line);
    }
  }

  private static void print(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }

  /** What becomes of the jobs that run. */
  private Optional<String> left(Stage stage) {
    int running = stage.runningJobs().size();
    if (running == 0) {
      return Optional.empty();
    }
    var jobs = running == 1 ? "1 job runs: it" : running + " jobs run: they";
    return Optional.of(
        data.map(folder -> jobs + " will go on with the next ./streamer dev --data " + folder)
            .orElse(jobs + " will be lost, as the state was in memory; --data DIR keeps it"));
  }

  private static String nothingIn(Path folder) {
    return "  note         there is no jar, no Java file and no pom.xml in "
        + folder
        + Elsewhere.than(folder)
            .map(meant -> "; did you mean " + meant + "?")
            .orElse("; what comes is served")
        + "\n";
  }

  private String ready(Stage stage, Port door, Port api) {
    var actions = stage.actions();
    var first = actions.stream().findFirst();
    var text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                """
                Streamer is ready (%.1f s)
                  direct       %s%s
                  api gateway  %s%s
                  console      %s
                %s  handlers     %s%s
                  token        ./streamer token --user %s --tenant %s
                """,
                // to the millisecond, where the process's own start is known to the second
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0,
                stage.direct(),
                door.note(),
                stage.apiGateway(),
                api.note(),
                stage.console(),
                stage.page().map(page -> "  page         " + page + "\n").orElse(""),
                actions.isEmpty() ? "none" : String.join(", ", actions),
                unserved(stage),
                TokenClaims.USER,
                TokenClaims.TENANT));
    debugPort
        .or(() -> debug ? Optional.of(DEBUG_PORT) : Optional.empty())
        .ifPresent(at -> text.append("  debugger     127.0.0.1:").append(at).append('\n'));
    var tried = actions.contains("echo_async") ? Optional.of("echo_async") : first;
    tried.ifPresent(action ->
        text.append("  try          ./streamer request ")
            .append(action)
            .append(action.equals("echo_async") ? " --payload '{\"hello\":\"world\"}'" : "")
            .append(" --follow\n"));
    return text.toString();
  }

  private static String unserved(Stage stage) {
    var names = stage.unserved();
    return names.isEmpty() ? "" : "; not served (see above): " + String.join(", ", names);
  }

  /**
   * A port to ask for.
   *
   * @param note why it is not the usual one
   */
  private record Port(int number, String note) {
    static Port of(int number, boolean wanted) {
      return wanted || isFree(number)
          ? new Port(number, "")
          : new Port(0, " (port " + number + " is taken)");
    }

    private static boolean isFree(int number) {
      try (var probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
        return true;
      } catch (IOException _) {
        return false;
      }
    }
  }
}

package io.streamer.cli.dev;

import io.streamer.cli.door.Opener;
import io.streamer.local.stage.Stage;
import java.util.Map;
import java.util.Optional;

/** What the keys do that are pressed while {@code dev} runs. */
final class DevKeys {
  private static final String HELP =
      """
      keys
        h  this help
        o  open the console in a browser
        k  kill the worker of the job that began last, as a crash would
        f  turn the faults of --faults off, and on again
        r  read the handlers anew
        q  quit\
      """;

  private final Stage stage;
  private final DevLog log;
  private final Optional<FaultsFile> faults;

  DevKeys(Stage stage, DevLog log, Optional<FaultsFile> faults) {
    this.stage = stage;
    this.log = log;
    this.faults = faults;
  }

  Map<Character, Runnable> actions() {
    return Map.of(
        'h',
        () -> log.say(HELP),
        'o',
        this::open,
        'k',
        () -> log.say(killWorker(stage)),
        'f',
        this::faults,
        'r',
        this::reload,
        'q',
        () -> System.exit(0));
  }

  /** The one whose run began last; what it did in words. */
  static String killWorker(Stage stage) {
    for (var job : stage.runningJobs().reversed()) {
      if (stage.killWorker(job)) {
        return "killed the worker of job "
            + job
            + "; its bar goes on when another takes over, about "
            + stage.lease().toSeconds()
            + " s from now";
      }
    }
    return "no job runs";
  }

  private void open() {
    var console = stage.console();
    log.say(
        Opener.open(console)
            ? "console: " + console
            : "open " + console + " in a browser: this system has no xdg-open");
  }

  private void faults() {
    log.say(
        faults
            .map(file -> file.turned(stage.turnFaults()))
            .orElse(
                "no faults to turn on: start with --faults FILE, such as docs/faults/kills.json"));
  }

  private void reload() {
    log.say(stage.reload() ? "reading the handlers anew" : "no handlers of yours to read anew");
  }
}

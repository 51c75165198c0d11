package io.streamer.cli.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Ends a long-running command cleanly: Ctrl-C with the JVM's own exit code 130, SIGTERM (an orderly
 * stop) with 0. A stop that hangs is cut off with 1.
 */
public final class StopOnSignal {
  private final AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
  private final PrintWriter err;
  private final Duration longest;

  private StopOnSignal(PrintWriter err, Duration longest) {
    this.longest = longest;
    this.err = err;
  }

  /**
   * Takes the signals over.
   *
   * @param err where a stop that takes longer than {@code longest} is told
   */
  public static StopOnSignal install(PrintWriter err, Duration longest) {
    var onSignal = new StopOnSignal(err, longest);
    Runtime.getRuntime().addShutdownHook(new Thread(onSignal::run, "stop"));
    // for good
    var _ = new SignalHandler("TERM", () -> System.exit(0));
    return onSignal;
  }

  /** What a signal runs from now on. */
  public void then(Runnable action) {
    stop.set(action);
  }

  private void run() {
    var stopping = Thread.ofPlatform().daemon().name("stopping").start(stop.get());
    try {
      if (stopping.join(longest)) {
        return;
      }
      err.println("streamer: did not stop within " + longest.toSeconds() + " s");
    } catch (InterruptedException _) {
      err.println("streamer: was interrupted while it stopped");
    }
    err.flush();
    Runtime.getRuntime().halt(1);
  }
}

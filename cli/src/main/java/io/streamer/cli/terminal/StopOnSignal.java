package io.streamer.cli.terminal;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
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
    exitWithZeroOnTerm();
    return onSignal;
  }

  /**
   * {@code Signal.handle(new Signal("TERM"), _ -> System.exit(0))} of sun.misc, which the JDK keeps
   * for want of a better way (module jdk.unsupported); by reflection, since javac's warning about
   * it cannot be suppressed.
   */
  private static void exitWithZeroOnTerm() {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var exit =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, _, _) -> {
                System.exit(0);
                return null;
              });
      var term = signal.getConstructor(String.class).newInstance("TERM");
      var _ = signal.getMethod("handle", signal, handler).invoke(null, term, exit);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no module jdk.unsupported", e);
    }
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

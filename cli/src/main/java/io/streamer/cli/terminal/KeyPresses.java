package io.streamer.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/**
 * What is typed while a command runs. Nothing is read in the background: what is typed there is for
 * another process, and the attempt would stop this one.
 */
public final class KeyPresses {
  private static final long LOOK_EVERY_MS = 100;
  private static final int MOST_AT_ONCE = 1_024;

  private final InputStream in;
  private final BooleanSupplier foreground;
  private final Map<Character, Runnable> actions;

  public KeyPresses(InputStream in, BooleanSupplier foreground, Map<Character, Runnable> actions) {
    this.in = in;
    this.foreground = foreground;
    this.actions = actions;
  }

  /** Listens until the process ends. */
  public void listen() {
    var looking =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keys").factory());
    var _ =
        looking.scheduleWithFixedDelay(
            this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  /** Does what was typed since the last look. */
  void look() {
    try {
      if (in.available() == 0 || !foreground.getAsBoolean()) {
        return;
      }
      for (int left = Math.min(in.available(), MOST_AT_ONCE); left > 0; left--) {
        Optional.ofNullable(actions.get((char) in.read())).ifPresent(KeyPresses::tried);
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(KeyPresses.class).debug("the terminal is gone", e);
    }
  }

  /** What fails once may work the next time: keys go on being read. */
  private static void tried(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(KeyPresses.class).error("that did not work: {}", e.toString());
    }
  }
}

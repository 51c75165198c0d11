package io.streamer.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * What is typed while a command runs: a letter and Enter. The terminal stays in its line mode, so
 * that nothing has to be put back however the process ends. Nothing is read before a line is there:
 * a process in the background would be stopped by the attempt.
 */
final class Keys {
  private static final long LOOK_EVERY_MS = 200;
  private static final int LONGEST_LINE = 1_024;

  private final InputStream in;
  private final Map<String, Runnable> actions;
  private final StringBuilder line = new StringBuilder();

  Keys(InputStream in, Map<String, Runnable> actions) {
    this.in = in;
    this.actions = actions;
  }

  /** Listens until the process ends. */
  void listen() {
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
      for (int left = Math.min(in.available(), LONGEST_LINE); left > 0; left--) {
        take(in.read());
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(Keys.class).debug("the terminal is gone", e);
    }
  }

  /** What fails once may work the next time: keys go on being read. */
  private static void tried(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Keys.class).error("that did not work: {}", e.toString());
    }
  }

  private void take(int character) {
    if (character != '\n') {
      if (line.length() < LONGEST_LINE) {
        line.append((char) character);
      }
      return;
    }
    var typed = line.toString().strip();
    line.setLength(0);
    Optional.ofNullable(actions.get(typed)).ifPresent(Keys::tried);
  }
}

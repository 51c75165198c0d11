package io.streamer.cli.terminal;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal on standard input, where each key counts at once and is not shown. A process in the
 * background is stopped if it changes its terminal, so only one in the foreground does, by {@code
 * stty}.
 */
public final class KeyTerminal {
  private static final Logger LOG = LoggerFactory.getLogger(KeyTerminal.class);
  private static final String IN_FOREGROUND =
      "case $(ps -o stat= -p $$) in *+*) ;; *) exit 1 ;; esac\n";
  private static final long LONGEST_S = 5;

  private final String before;

  private KeyTerminal(String before) {
    this.before = before;
  }

  /** Empty in the background, and where {@code ps} or {@code stty} is missing. */
  public static Optional<KeyTerminal> take() {
    return run(IN_FOREGROUND + "stty -g && stty -icanon -echo min 1 time 0")
        .map(String::strip)
        .filter(before -> !before.isEmpty())
        .map(KeyTerminal::new);
  }

  /** Whether what is typed is for this process. */
  public boolean inForeground() {
    return run(IN_FOREGROUND).isPresent();
  }

  /** As it was. */
  public void putBack() {
    run(IN_FOREGROUND + "stty '" + before + "'");
  }

  /** What it printed, if it went well. */
  private static Optional<String> run(String script) {
    try {
      var process =
          new ProcessBuilder("/bin/sh", "-c", script)
              .redirectInput(Redirect.INHERIT)
              .redirectError(Redirect.DISCARD)
              .start();
      if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return process.exitValue() == 0 ? Optional.of(printed) : Optional.empty();
    } catch (IOException e) {
      LOG.debug("the terminal stays as it is", e);
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}

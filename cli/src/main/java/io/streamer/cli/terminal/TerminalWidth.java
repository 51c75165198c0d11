package io.streamer.cli.terminal;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many columns the terminal has, asked again when its window has changed. */
public final class TerminalWidth implements IntSupplier, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TerminalWidth.class);
  private static final int USUAL = 80;
  private static final int LEAST = 20;
  private static final long LONGEST_S = 2;

  private final SignalHandler resizes = new SignalHandler("WINCH", this::resized);
  private volatile int columns = ask();
  private volatile Runnable changed = () -> {};

  /** Calls this when it is another. */
  void onChange(Runnable action) {
    changed = action;
  }

  private void resized() {
    columns = ask();
    changed.run();
  }

  /** At this moment; 80 where none is known. */
  public static int ask() {
    try {
      var process =
          new ProcessBuilder("/bin/sh", "-c", "stty size </dev/tty")
              .redirectError(Redirect.DISCARD)
              .start();
      if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return USUAL;
      }
      var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      var words = printed.strip().split(" ", -1);
      // a window without a size says 0
      return words.length == 2 && words[1].matches("[1-9]\\d{1,4}")
          ? Math.max(LEAST, Integer.parseInt(words[1]))
          : USUAL;
    } catch (IOException e) {
      LOG.debug("the terminal's width is not known", e);
      return USUAL;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  @Override
  public int getAsInt() {
    return columns;
  }

  @Override
  public void close() {
    resizes.close();
  }
}

package io.streamer.local.stage;

import java.net.BindException;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A port that was asked for belongs to somebody else. */
public final class PortTaken extends RuntimeException {
  private final int port;
  private final String option;

  private PortTaken(int port, String option) {
    super("the port " + port + " is taken");
    this.port = port;
    this.option = option;
  }

  public int port() {
    return port;
  }

  /** The option of {@code dev} that takes another. */
  public String option() {
    return option;
  }

  /** What the start gives, or this exception if the port is taken. */
  static <T> T orElse(int port, String option, Supplier<T> start) {
    try {
      return start.get();
    } catch (CompletionException e) {
      if (e.getCause() instanceof BindException) {
        throw new PortTaken(port, option);
      }
      throw e;
    }
  }
}

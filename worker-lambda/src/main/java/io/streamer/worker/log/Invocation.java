package io.streamer.worker.log;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The invocation that a function is in: Lambda gives a process one at a time. */
public final class Invocation implements AutoCloseable {
  private static volatile @Nullable String current;

  private Invocation() {}

  /** The lines from now on are of this one, on all threads, until it is closed. */
  public static Invocation begin(@Nullable String id) {
    current = id;
    return new Invocation();
  }

  static Optional<String> id() {
    return Optional.ofNullable(current);
  }

  @Override
  public void close() {
    current = null;
  }
}

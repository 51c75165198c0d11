package io.streamer.gateway.loop;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several things that are all to be done, whatever becomes of one of them: an {@code Error}, too.
 */
public final class Every {
  private Every() {}

  /**
   * Does all of them in their order; what the first has thrown that failed is thrown at the end.
   */
  public static void step(Runnable... steps) {
    one(List.of(steps), Runnable::run);
  }

  /** Does it to each in their order; what was thrown first is thrown at the end. */
  public static <T> void one(Iterable<T> all, Consumer<? super T> work) {
    @Nullable Throwable first = null;
    for (var each : all) {
      try {
        work.accept(each);
      } catch (Throwable e) {
        first = first == null ? e : first;
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException failure) {
      throw failure;
    }
  }
}

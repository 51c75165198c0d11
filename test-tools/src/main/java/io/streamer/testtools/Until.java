package io.streamer.testtools;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Waits for what a test cannot be told of: looks, pauses and looks again. The limit is for what
 * never comes, and far above what anything takes; an interrupt ends the wait, as JUnit does with a
 * test whose time is up.
 */
public final class Until {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Until() {}

  /** One look; what it throws ends the wait. */
  @FunctionalInterface
  public interface Look<T> {
    T take() throws Exception;
  }

  /** Returns once it holds; {@code what} completes "waited in vain until …". */
  public static void holds(String what, Look<Boolean> condition) {
    var _ = matches(what, condition, Boolean::booleanValue);
  }

  /** The first value that is as wanted. */
  public static <T> T matches(String what, Look<T> look, Predicate<? super T> wanted) {
    return within(PATIENCE, what, look, wanted);
  }

  static <T> T within(Duration patience, String what, Look<T> look, Predicate<? super T> wanted) {
    long begun = System.nanoTime();
    try {
      while (true) {
        var seen = look.take();
        if (wanted.test(seen)) {
          return seen;
        }
        if (System.nanoTime() - begun > patience.toNanos()) {
          throw new AssertionError(
              "waited " + patience + " in vain until " + what + "; last seen: " + seen);
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting until " + what, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("cannot tell whether " + what, e);
    }
  }
}

package io.streamer.shared.action;

import org.jspecify.annotations.Nullable;

/** What user code threw, in words for whoever wrote it. */
public final class Thrown {
  private static final int MOST_CAUSES = 3;

  private Thrown() {}

  /** What it says of itself; for a class that could not be initialised, why. */
  public static String told(Throwable thrown) {
    var text = new StringBuilder(itself(thrown));
    @Nullable Throwable one = thrown;
    for (int i = 0; i < MOST_CAUSES && one != null && isWrapping(one); i++) {
      one = one.getCause();
      if (one != null) {
        text.append(", caused by ").append(itself(one));
      }
    }
    return text.toString();
  }

  private static boolean isWrapping(Throwable thrown) {
    return thrown instanceof ExceptionInInitializerError
        || thrown.getCause() instanceof ExceptionInInitializerError;
  }

  /** A class of the user's may fail even at this. */
  private static String itself(Throwable thrown) {
    try {
      return String.valueOf(thrown);
    } catch (Throwable _) {
      return thrown.getClass().getName();
    }
  }
}

package io.streamer.local.live;

import org.jspecify.annotations.Nullable;

/** Tells where in the user's own file something was thrown. */
final class Lines {
  private static final int MOST_CAUSES = 100;

  private Lines() {}

  /** {@code " (Greet.java:7)"}: the line of a loaded file that threw it; empty if none did. */
  static String of(Throwable thrown) {
    var place = "";
    @Nullable Throwable one = thrown;
    // causes may form a circle
    for (int depth = 0; one != null && depth < MOST_CAUSES; depth++, one = one.getCause()) {
      for (var frame : one.getStackTrace()) {
        var loader = frame.getClassLoaderName();
        if (CompiledClasses.NAME.equals(loader) || ProjectSource.LOADER.equals(loader)) {
          place = " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")";
          break;
        }
      }
    }
    return place;
  }
}

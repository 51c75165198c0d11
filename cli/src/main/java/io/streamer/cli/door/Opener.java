package io.streamer.cli.door;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The system's browser. */
public final class Opener {
  private static final List<String> COMMANDS = List.of("xdg-open", "open");

  private Opener() {}

  /** Opens a page; false if this system has no command for that. */
  public static boolean open(URI page) {
    for (var command : COMMANDS) {
      try {
        var _ =
            new ProcessBuilder(command, page.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return true;
      } catch (IOException _) {
        // another system has another one
      }
    }
    return false;
  }
}

package io.streamer.soak.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a figure was measured of, on and by.
 *
 * @param commit its first digits, with a plus if more was changed since; "unknown" outside a
 *     repository
 */
public record Surroundings(Instant at, String commit, String machine, String command) {
  private static final int DIGITS = 9;

  /** Those of this moment and machine. */
  public static Surroundings of(Path home, Instant now, String command)
      throws IOException, InterruptedException {
    return new Surroundings(now, commitOf(home), thisMachine(), command);
  }

  private static String commitOf(Path home) throws IOException, InterruptedException {
    var head = git(home, "rev-parse", "HEAD");
    if (head.isEmpty()) {
      return "unknown";
    }
    var changed = git(home, "status", "--porcelain", "--untracked-files=no");
    return head.substring(0, DIGITS) + (changed.isEmpty() ? "" : "+");
  }

  private static String git(Path home, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git", "-C", home.toString()));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said;
      try (var out = process.inputReader(UTF_8)) {
        said = out.readAllAsString().strip();
      }
      return process.waitFor() == 0 ? said : "";
    } catch (IOException _) {
      // there is no git
      return "";
    }
  }

  private static String thisMachine() throws IOException {
    var system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    return "%d × %s, %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(), processor(), system, Runtime.version());
  }

  private static String processor() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  /** Its members, for figures to be added to. */
  public JsonObject json() {
    return new JsonObject()
        .put("at", at.toString())
        .put("commit", commit)
        .put("machine", machine)
        .put("command", command);
  }
}

package io.streamer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.local.live.LiveHandlers;
import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/**
 * Does what a first minute with {@code dev} does, and ends: the launcher has the JVM record which
 * classes that takes. No command finds the stage meanwhile, and nothing of it stays.
 */
final class Rehearsal {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final String HANDLER =
      """
      import io.streamer.handler.*;

      @Action("rehearsal")
      public final class Rehearsed implements Handler<Rehearsed.Request, String> {
        public record Request(String name) {}

        @Override
        public String handle(Request request, Run run) {
          return request.name();
        }
      }
      """;

  private Rehearsal() {}

  /** Exits with 0 if all was as it should be; a rehearsal that hangs is cut off with 1. */
  public static void main(String[] args) throws IOException {
    Thread.ofPlatform().daemon().name("rehearsal's end").start(Rehearsal::endLate);
    System.exit(run(Path.of(System.getProperty("streamer.home", ""))));
  }

  static int run(Path home) throws IOException {
    var folder = Files.createTempDirectory("streamer-rehearsal");
    var handler = folder.resolve("Rehearsed.java");
    Files.writeString(handler, HANDLER, UTF_8);
    var options =
        StageOptions.at(home)
            .frontDoor(false)
            .handlers(Optional.of(folder))
            .live(new LiveHandlers.Listener(_ -> {}, _ -> {}));
    try (var stage = Stage.start(options)) {
      var url = stage.direct().toString();
      return Math.max(
          request(home, url, "rehearsal", "{\"name\":\"Ada\"}"),
          request(home, url, "delay", "{\"seconds\":6}"));
    } finally {
      Files.deleteIfExists(handler);
      Files.deleteIfExists(folder);
    }
  }

  private static int request(Path home, String url, String action, String payload) {
    return Main.commands(home, false, Map.of())
        .execute("request", action, "--payload", payload, "--url", url, "--follow");
  }

  private static void endLate() {
    try {
      Thread.sleep(LONGEST);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.SOFTWARE);
  }
}

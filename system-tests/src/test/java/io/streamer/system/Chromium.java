package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Chromium of this machine, without a window. */
final class Chromium {
  static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
  private static final String LISTENING = "DevTools listening on ";

  private Chromium() {}

  /** The first on the PATH, if there is one. */
  static Optional<Path> find() {
    var folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1);
    return NAMES.stream()
        .flatMap(name -> Stream.of(folders).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Process start(Path chromium, Path profile) throws IOException {
    return new ProcessBuilder(
            chromium.toString(),
            "--headless=new",
            // containers often lack what its sandbox needs; it opens our own page alone
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            "about:blank")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Where it can be driven, once it says so. */
  static URI debugger(Process process) throws IOException {
    var err = process.errorReader(UTF_8);
    var said = new StringBuilder();
    for (var line = err.readLine(); line != null; line = err.readLine()) {
      if (line.startsWith(LISTENING)) {
        // read on, or it would stop at a full pipe
        Thread.ofVirtual().start(() -> err.lines().forEach(_ -> {}));
        return URI.create(line.substring(LISTENING.length()));
      }
      said.append(line).append('\n');
    }
    throw new IOException("chromium did not start: " + said);
  }
}

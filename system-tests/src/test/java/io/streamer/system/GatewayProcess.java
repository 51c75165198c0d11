package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.local.stage.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A gateway in a process of its own, with the tables and the API of a stage. */
final class GatewayProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final int port;
  private final Queue<String> lines;
  private final Thread reader;

  private GatewayProcess(Process process, int port, Queue<String> lines, Thread reader) {
    this.process = process;
    this.port = port;
    this.lines = lines;
    this.reader = reader;
  }

  /** Starts one; returns when it listens. */
  static GatewayProcess start(Stage stage) throws IOException {
    return start(stage, Map.of());
  }

  /**
   * Starts one; returns when it listens.
   *
   * @param settings in which it differs from the stage's gateway
   */
  static GatewayProcess start(Stage stage, Map<String, String> settings) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var builder =
        new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            // as the image has them
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dlogback.configurationFile=logback-gateway.xml",
            "-cp",
            classPath,
            "io.streamer.gateway.Main");
    builder.environment().putAll(stage.settings());
    builder.environment().putAll(Map.of("STREAMER_PORT", "0", "STREAMER_SHUTDOWN_GRACE", "15s"));
    builder.environment().putAll(settings);
    var process = builder.redirectErrorStream(true).start();
    var out = process.inputReader(UTF_8);
    var lines = new ConcurrentLinkedQueue<String>();
    try {
      var port = port(out, lines);
      // else a full pipe would hold the process up
      var reader = Thread.ofVirtual().start(() -> out.lines().forEach(lines::add));
      return new GatewayProcess(process, port, lines, reader);
    } catch (IOException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static int port(BufferedReader out, Queue<String> lines) throws IOException {
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      var listening = LISTENING.matcher(line);
      if (listening.find()) {
        return Integer.parseInt(listening.group(1));
      }
    }
    throw new AssertionError("the gateway did not start:\n" + String.join("\n", lines));
  }

  URI direct() {
    return URI.create("ws://127.0.0.1:" + port + "/ws");
  }

  /** What a load balancer has for a target. */
  URI backend() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** SIGTERM. */
  void terminate() {
    // Process.destroy would close its output, too
    process.toHandle().destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** All that it wrote, once it has ended. */
  List<String> lines() throws InterruptedException {
    reader.join();
    return List.copyOf(lines);
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the gateway does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

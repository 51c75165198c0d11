package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.local.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A gateway in a process of its own, with the tables and the API of a stage. */
final class GatewayProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final int port;

  private GatewayProcess(Process process, int port) {
    this.process = process;
    this.port = port;
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
            "-Dlogback.configurationFile=logback-gateway.xml",
            "-cp",
            classPath,
            "io.streamer.gateway.Main");
    builder.environment().putAll(stage.settings());
    builder.environment().putAll(Map.of("STREAMER_PORT", "0", "STREAMER_SHUTDOWN_GRACE", "15s"));
    builder.environment().putAll(settings);
    var process = builder.redirectErrorStream(true).start();
    var out = process.inputReader(UTF_8);
    try {
      var port = port(out);
      // else a full pipe would hold the process up
      Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
      return new GatewayProcess(process, port);
    } catch (IOException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static int port(BufferedReader out) throws IOException {
    var said = new StringBuilder();
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      var listening = LISTENING.matcher(line);
      if (listening.find()) {
        return Integer.parseInt(listening.group(1));
      }
    }
    throw new AssertionError("the gateway did not start:\n" + said);
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
    process.destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
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

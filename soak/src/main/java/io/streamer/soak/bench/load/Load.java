package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;

/** The process of the clients. */
public final class Load implements AutoCloseable {
  private static final int PATIENCE_S = 15;

  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  private Load(Process process) {
    this.process = process;
    this.orders = process.outputWriter(UTF_8);
    this.answers = process.inputReader(UTF_8);
  }

  public static Load start() throws IOException {
    return new Load(
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LoadMain.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /**
   * Has an order carried out, and waits for its end.
   *
   * @throws IOException if it cannot be
   */
  public JsonObject order(JsonObject order) throws IOException {
    begin(order);
    return end();
  }

  /** Has sockets opened; a gateway that has just worked hard refuses handshakes for a moment. */
  public void open(Side side, JsonObject open) throws IOException, InterruptedException {
    for (int i = 0; ; i++) {
      try {
        order(open);
        return;
      } catch (IOException e) {
        if (i == PATIENCE_S) {
          throw e;
        }
        order(side.order("close"));
        Thread.sleep(1_000);
      }
    }
  }

  /** Has an order begun, whose {@link #end} is asked for later. */
  public void begin(JsonObject order) throws IOException {
    orders.write(order.encode());
    orders.write('\n');
    orders.flush();
  }

  /**
   * Waits for what was begun.
   *
   * @throws IOException if it cannot be carried out
   */
  public JsonObject end() throws IOException {
    var line = answers.readLine();
    if (line == null) {
      throw new IOException("the clients' process has ended");
    }
    var said = new JsonObject(line);
    if (said.containsKey("failed")) {
      throw new IOException(said.getString("failed"));
    }
    return said;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}

package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A process that drives a client: it takes commands as lines of JSON and tells, as lines of JSON,
 * what a caller of that client sees.
 */
final class ClientDriver implements AutoCloseable {
  private final Process process;
  private final BufferedWriter commands;
  private volatile Consumer<JsonObject> witness = _ -> {};
  private int last;

  ClientDriver(Path folder, List<String> command) throws IOException {
    process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    commands = process.outputWriter(UTF_8);
    Thread.ofVirtual().start(this::listen);
  }

  /** From here on another one hears what is seen. */
  void begin(Consumer<JsonObject> newWitness) {
    witness = newWitness;
  }

  /** Sends a command; gives its number, which a line with {@code done} will have. */
  int send(JsonObject command) {
    try {
      commands.write(command.copy().put("n", ++last).encode() + "\n");
      commands.flush();
      return last;
    } catch (IOException e) {
      throw new UncheckedIOException("the driver has ended", e);
    }
  }

  private void listen() {
    process.inputReader(UTF_8).lines().forEach(line -> witness.accept(new JsonObject(line)));
  }

  @Override
  public void close() {
    process.destroy();
  }
}

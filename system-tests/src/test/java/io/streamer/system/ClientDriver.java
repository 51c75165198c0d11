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
  /** What names of a run stand under, in commands and in what is seen. */
  private static final List<String> NAMES = List.of("of", "client");

  private final Process process;
  private final BufferedWriter commands;
  private volatile Consumer<JsonObject> witness = _ -> {};
  private volatile String run = "";
  private int runs;
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

  /** From here on another one hears what is seen; of what was named before nobody does. */
  void begin(Consumer<JsonObject> newWitness) {
    run = "~" + ++runs;
    witness = newWitness;
  }

  /** Sends a command; gives its number, which a line with {@code done} will have. */
  int send(JsonObject command) {
    var named = command.copy().put("n", ++last);
    NAMES.stream()
        .filter(named::containsKey)
        .forEach(name -> named.put(name, named.getString(name) + run));
    try {
      commands.write(named.encode() + "\n");
      commands.flush();
      return last;
    } catch (IOException e) {
      throw new UncheckedIOException("the driver has ended", e);
    }
  }

  private void listen() {
    process.inputReader(UTF_8).lines().forEach(line -> take(new JsonObject(line)));
  }

  private void take(JsonObject line) {
    for (var name : NAMES) {
      var told = line.getString(name);
      if (told != null) {
        if (!told.endsWith(run)) {
          return;
        }
        line.put(name, told.substring(0, told.length() - run.length()));
      }
    }
    witness.accept(line);
  }

  @Override
  public void close() {
    process.destroy();
  }
}

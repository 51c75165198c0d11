package io.streamer.soak.bench.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server with this class path, in a process of its own. */
public final class JavaProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private JavaProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it; returns when it has said where it listens. */
  public static JavaProcess start(List<String> flags, Class<?> main, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var line = process.inputReader(UTF_8).readLine();
    if (line == null) {
      process.onExit().join();
      throw new IOException(main.getSimpleName() + " did not start");
    }
    return new JavaProcess(process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}

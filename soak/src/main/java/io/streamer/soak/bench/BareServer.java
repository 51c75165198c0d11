package io.streamer.soak.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.soak.packed.PackedGateway;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The process of {@link BareMain}, with the gateway's JVM flags. */
final class BareServer implements AutoCloseable {
  private final Process process;
  private final URI door;

  private BareServer(Process process, URI door) {
    this.process = process;
    this.door = door;
  }

  static BareServer start(Path home, long memoryBytes) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:MaxRAM=" + memoryBytes);
    command.addAll(PackedGateway.flags(home));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), BareMain.class.getName()));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var line = process.inputReader(UTF_8).readLine();
    if (line == null) {
      process.onExit().join();
      throw new IOException("the bare server did not start");
    }
    var port = line.substring(line.lastIndexOf(':') + 1);
    return new BareServer(process, URI.create("ws://127.0.0.1:" + port + "/"));
  }

  URI door() {
    return door;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}

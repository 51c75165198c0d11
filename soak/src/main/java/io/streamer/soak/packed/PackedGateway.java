package io.streamer.soak.packed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The gateway as it is deployed: the folder that {@code ./streamer build} makes, in a JVM with the
 * flags of the image and within a container's memory.
 */
public final class PackedGateway implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

  /** In a table of the system's: 01 is established, 08 closed by the other side alone. */
  private static final Pattern ENTRY =
      Pattern.compile("^ *\\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} (?:01|08) ");

  private final MemoryLimit limit;
  private final Process process;
  private final int port;
  private final AtomicInteger lines;

  private PackedGateway(MemoryLimit limit, Process process, int port, AtomicInteger lines) {
    this.limit = limit;
    this.process = process;
    this.port = port;
    this.lines = lines;
  }

  /**
   * Starts one; returns when it listens.
   *
   * @param home the repository, whose Dockerfile has the flags
   * @param folder the packed gateway, whose handlers it takes unless the settings name others
   */
  public static PackedGateway start(
      Path home, Path folder, long memoryBytes, Map<String, String> settings) throws IOException {
    var handlers = new HashMap<String, String>();
    handlers.put("STREAMER_HANDLERS", folder.resolve("handlers").toString());
    handlers.putAll(settings);
    return start(command(home, folder, List.of()), memoryBytes, handlers);
  }

  /**
   * What starts the gateway of a folder.
   *
   * @param more flags of the JVM
   */
  public static List<String> command(Path home, Path folder, List<String> more) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags(home));
    command.addAll(more);
    command.addAll(List.of("-cp", folder.resolve("lib") + "/*", "io.streamer.gateway.Main"));
    return command;
  }

  /** Starts one by its command; returns when it listens. */
  public static PackedGateway start(
      List<String> command, long memoryBytes, Map<String, String> settings) throws IOException {
    var limit = MemoryLimit.of(memoryBytes);
    var builder = new ProcessBuilder(limit.around(command)).redirectErrorStream(true);
    builder.environment().putAll(settings);
    builder.environment().put("STREAMER_PORT", "0");
    builder.environment().put("STREAMER_INTERNAL_PORT", "0");
    var process = builder.start();
    var out = process.inputReader(UTF_8);
    var said = new StringBuilder();
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      var listening = LISTENING.matcher(line);
      if (listening.find()) {
        var lines = new AtomicInteger();
        // else a full pipe would hold the process up
        Thread.ofVirtual().start(() -> count(out, lines));
        return new PackedGateway(limit, process, Integer.parseInt(listening.group(1)), lines);
      }
    }
    process.onExit().join();
    limit.close();
    throw new IOException("the gateway did not start:\n" + said);
  }

  private static void count(BufferedReader out, AtomicInteger count) {
    try {
      while (out.readLine() != null) {
        count.incrementAndGet();
      }
    } catch (IOException _) {
      // it was ended
    }
  }

  /** What the image passes to the JVM, but for its class path, its AOT cache and its main class. */
  public static List<String> flags(Path home) throws IOException {
    return ImageFlags.of(home, "gateway");
  }

  public URI direct() {
    return URI.create("ws://127.0.0.1:" + port + "/ws");
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Lines of its log since it listens. */
  public int lines() {
    return lines.get();
  }

  /** Whether more memory than its container's is refused to it. */
  public boolean limited() {
    return limit.enforced();
  }

  /** The most memory it has had, in bytes; 0 where the system does not tell. */
  public long mostMemory() throws IOException {
    var status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    }
  }

  /** TCP connections that it holds at its door, whatever was said on them. */
  public long connections() throws IOException {
    long held = 0;
    for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      if (Files.exists(Path.of(table))) {
        try (var lines = Files.lines(Path.of(table))) {
          held += lines.filter(this::ours).count();
        }
      }
    }
    return held;
  }

  private boolean ours(String line) {
    var entry = ENTRY.matcher(line);
    return entry.find() && Integer.parseInt(entry.group(1), 16) == port;
  }

  /**
   * Ends it as ECS does, by SIGTERM.
   *
   * @return its exit code
   */
  public int stop() throws IOException {
    // the process's own destroy() closes its output, which its JVM may still write to
    process.toHandle().destroy();
    int code = process.onExit().join().exitValue();
    limit.close();
    return code;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    limit.close();
  }
}

package io.streamer.soak.packed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A container's limit of memory around a process: a control group where this user may make one.
 * Elsewhere the JVM is told the limit, and nothing enforces it.
 */
final class MemoryLimit implements AutoCloseable {
  private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  private static final AtomicInteger MADE = new AtomicInteger();

  private final long bytes;
  private final Optional<Path> group;

  private MemoryLimit(long bytes, Optional<Path> group) {
    this.bytes = bytes;
    this.group = group;
  }

  static MemoryLimit of(long bytes) {
    var name = "streamer-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
    return new MemoryLimit(
        bytes,
        make(V1.resolve(name), "memory.limit_in_bytes", bytes)
            .or(() -> make(V2.resolve(name), "memory.max", bytes)));
  }

  private static Optional<Path> make(Path group, String limit, long bytes) {
    try {
      Files.createDirectory(group);
      Files.writeString(group.resolve(limit), Long.toString(bytes), UTF_8);
      return Optional.of(group);
    } catch (IOException _) {
      try {
        Files.deleteIfExists(group);
      } catch (IOException _) {
        // the next one is tried
      }
      return Optional.empty();
    }
  }

  /** Whether whoever takes more is killed. */
  boolean enforced() {
    return group.isPresent();
  }

  /** The command that runs a JVM's command within the limit. */
  List<String> around(List<String> command) {
    var limited = new ArrayList<String>();
    if (group.isPresent()) {
      var processes = group.get().resolve("cgroup.procs");
      limited.addAll(List.of("/bin/sh", "-c", "echo $$ >" + processes + "; exec \"$@\"", "sh"));
      limited.addAll(command);
    } else {
      limited.add(command.getFirst());
      limited.add("-XX:MaxRAM=" + bytes);
      limited.addAll(command.subList(1, command.size()));
    }
    return limited;
  }

  /** The processes in it have ended. */
  @Override
  public void close() throws IOException {
    if (group.isPresent()) {
      Files.deleteIfExists(group.get());
    }
  }
}

package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system says a process has used; Linux alone. */
public final class ProcessUsage {
  /** Of the 3rd field on, which follows the name in parentheses. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;
  private static final int ENDED_USER_TIME = 13;
  private static final int ENDED_SYSTEM_TIME = 14;

  /** USER_HZ is 100 on every Linux that a JDK 25 runs on. */
  private static final long TICK_MICROS = 10_000;

  private ProcessUsage() {}

  /** Time on any core, in user mode and for it in the kernel, since it started. */
  public static long cpuMicros(long pid) throws IOException {
    return micros(Long.toString(pid), USER_TIME, SYSTEM_TIME);
  }

  /** The same of all processes that this one has started and that have ended, theirs included. */
  public static long endedCpuMicros() throws IOException {
    return micros("self", ENDED_USER_TIME, ENDED_SYSTEM_TIME);
  }

  private static long micros(String process, int user, int system) throws IOException {
    var stat = Files.readString(Path.of("/proc", process, "stat"), UTF_8);
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[user]) + Long.parseLong(fields[system])) * TICK_MICROS;
  }

  /** Bytes of its memory that are resident. */
  public static long resident(long pid) throws IOException {
    return status(pid, "VmRSS:") * 1024;
  }

  /** Its threads. */
  public static long threads(long pid) throws IOException {
    return status(pid, "Threads:");
  }

  /** Files that it has open, sockets among them. */
  public static long files(long pid) throws IOException {
    try (var open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    }
  }

  private static long status(long pid, String name) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow(() -> new IOException("process " + pid + " has ended"));
    }
  }

  /** How many files this process may have open, as a JVM has raised it; so may those it starts. */
  public static long mostFiles() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.strip().split("\\s+", -1)[3])
          .mapToLong(most -> most.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(most))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    }
  }

  /** Bytes of live objects on a JVM's heap, counted behind a full collection. */
  public static long live(long pid) throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String total;
    try (var out = process.inputReader(UTF_8)) {
      total = out.lines().filter(line -> line.startsWith("Total")).findFirst().orElse("");
    }
    if (process.waitFor() != 0 || total.isEmpty()) {
      throw new IOException("jcmd does not tell the objects of process " + pid);
    }
    return Long.parseLong(total.strip().split("\\s+", -1)[2]);
  }
}

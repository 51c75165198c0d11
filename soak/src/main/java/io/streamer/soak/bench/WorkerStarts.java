package io.streamer.soak.bench;

import io.streamer.soak.bench.load.ProcessUsage;
import io.vertx.core.json.JsonObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Job functions from the start of their process to their first claim, under AWS's runtime client:
 * without and with an AOT cache, beside a JVM that has nothing to do.
 */
final class WorkerStarts {
  static final String EMPTY = "empty";

  /** From the process's start to the claim's write at the stub, or to the end of the empty one. */
  static final String COST = "done_ms";

  private static final String CLAIM = "UpdateItem";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path folder;
  private final SequencedMap<String, List<String>> commands;

  private WorkerStarts(Path folder, SequencedMap<String, List<String>> commands) {
    this.folder = folder;
    this.commands = commands;
  }

  /** Unpacks the worker that was made beside the gateway, and records its AOT cache. */
  static WorkerStarts prepare(Bench.Options options) throws IOException {
    var home = options.home();
    var folder = Files.createDirectories(options.scratch().resolve("worker"));
    var worker = PackedWorker.unpack(options.packed().resolveSibling("worker.zip"), folder);
    var memory = "-XX:MaxRAM=" + options.memoryBytes();
    var cache = folder.resolve("worker.aot");
    Training.record(
        (command, scratch) -> WorkerTraining.run(command, scratch, ProcessBuilder.Redirect.DISCARD),
        worker.command(home, List.of(memory), List.of()),
        cache,
        Files.createDirectories(folder.resolve("training")));
    var handlers = List.of(options.scratch().resolve("handlers").resolve(ActionsJar.NAME));
    var commands = new LinkedHashMap<String, List<String>>();
    commands.put(EMPTY, empty(home, memory, folder.resolve("empty")));
    commands.put("no-cache", worker.jobs(home, List.of(memory), handlers));
    commands.put(
        "aot-cache",
        worker.jobs(home, List.of(memory, "-XX:AOTMode=on", "-XX:AOTCache=" + cache), handlers));
    return new WorkerStarts(folder, commands);
  }

  /** The same flags, and a class path of one class. */
  private static List<String> empty(Path home, String memory, Path classes) throws IOException {
    var name = EmptyMain.class.getName().replace('.', '/') + ".class";
    var target = classes.resolve(name);
    Files.createDirectories(target.getParent());
    try (var bytes = WorkerStarts.class.getClassLoader().getResourceAsStream(name)) {
      if (bytes == null) {
        throw new FileNotFoundException(name);
      }
      Files.write(target, bytes.readAllBytes());
    }
    var command = new ArrayList<String>();
    command.add(PackedWorker.java());
    command.addAll(PackedWorker.flags(home));
    command.addAll(List.of(memory, "-cp", classes.toString(), EmptyMain.class.getName()));
    return command;
  }

  SequencedSet<String> sides() {
    return commands.sequencedKeySet();
  }

  /**
   * Starts a side's process once.
   *
   * @throws IOException if it does not come to what is measured
   */
  JsonObject once(String side) throws IOException {
    var command = Objects.requireNonNull(commands.get(side), side);
    try {
      return side.equals(EMPTY) ? end(command) : claim(command);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static JsonObject end(List<String> command) throws IOException, InterruptedException {
    long cpu = ProcessUsage.endedCpuMicros();
    long begun = System.nanoTime();
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    long ended = System.nanoTime();
    if (code != 0) {
      throw new IOException("the empty JVM ended with " + code);
    }
    return said(ended - begun, ProcessUsage.endedCpuMicros() - cpu);
  }

  private JsonObject claim(List<String> command) throws IOException, InterruptedException {
    var asked = new CompletableFuture<Long>();
    var claimed = new CompletableFuture<Long>();
    var log = folder.resolve("worker.log").toFile();
    try (var store = StubStore.start(operation -> complete(operation, claimed));
        var runtime = new StubRuntime(1, () -> asked.complete(System.nanoTime()), () -> {})) {
      long begun = System.nanoTime();
      var process = runtime.function(command, folder, store, ProcessBuilder.Redirect.to(log));
      // one that ends before its time claims no more
      var _ = process.onExit().thenRun(() -> claimed.cancel(false));
      try {
        long done = claimed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        long cpu = ProcessUsage.cpuMicros(process.pid());
        return new JsonObject()
            .put("next_ms", (asked.join() - begun) / 1e6)
            .mergeIn(said(done - begun, cpu));
      } catch (ExecutionException | TimeoutException | CancellationException e) {
        throw new IOException("the worker claimed no job:\n" + Files.readString(log.toPath()), e);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static void complete(String operation, CompletableFuture<Long> claimed) {
    if (operation.equals(CLAIM)) {
      claimed.complete(System.nanoTime());
    }
  }

  private static JsonObject said(long nanos, long cpuMicros) {
    return new JsonObject().put(COST, nanos / 1e6).put("cpu_ms", cpuMicros / 1e3);
  }
}

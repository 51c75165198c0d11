package io.streamer.soak.bench.worker;

import io.streamer.soak.bench.load.ProcessUsage;
import io.streamer.soak.bench.server.ActionsJar;
import io.streamer.soak.bench.server.AotCache;
import io.streamer.soak.bench.server.BenchOptions;
import io.streamer.soak.bench.stub.QueuedJob;
import io.streamer.soak.bench.stub.StubRuntime;
import io.streamer.soak.bench.stub.StubStore;
import io.streamer.worker.JobFunction;
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
 * Job functions from the start of their process to their first claim and the end of its job, under
 * AWS's runtime client: without and with an AOT cache, beside a JVM that has nothing to do, and a
 * function that has nothing to do under the same client.
 */
public final class WorkerStarts {
  public static final String EMPTY = "empty";

  private static final String CLIENT = "client";

  /** From the process's start to the claim's write at the stub, or to the end of the empty one. */
  public static final String COST = "done_ms";

  private static final String CLAIM = "UpdateItem";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path folder;
  private final SequencedMap<String, List<String>> commands;

  private WorkerStarts(Path folder, SequencedMap<String, List<String>> commands) {
    this.folder = folder;
    this.commands = commands;
  }

  /** Unpacks the worker that was made beside the gateway, and records its AOT cache. */
  public static WorkerStarts prepare(BenchOptions options) throws IOException {
    var home = options.home();
    var folder = Files.createDirectories(options.scratch().resolve("worker"));
    var worker = PackedWorker.unpack(options.packed().resolveSibling("worker.zip"), folder);
    var memory = "-XX:MaxRAM=" + options.memoryBytes();
    var cache = folder.resolve("worker.aot");
    record(TrainedFunction.class, worker, home, memory, cache, folder.resolve("training"));
    var alone = worker.clientAlone();
    var ofClient = folder.resolve("client.aot");
    record(EmptyFunction.class, alone, home, memory, ofClient, folder.resolve(CLIENT));
    var handlers = List.of(options.scratch().resolve("handlers").resolve(ActionsJar.NAME));
    var commands = new LinkedHashMap<String, List<String>>();
    commands.put(EMPTY, empty(home, memory, folder.resolve("empty")));
    commands.put(CLIENT, alone.start(EmptyFunction.class, home, with(memory, ofClient), List.of()));
    commands.put("no-cache", worker.start(JobFunction.class, home, List.of(memory), handlers));
    commands.put("aot-cache", worker.start(JobFunction.class, home, with(memory, cache), handlers));
    return new WorkerStarts(folder, commands);
  }

  private static void record(
      Class<?> function, PackedWorker worker, Path home, String memory, Path cache, Path folder)
      throws IOException {
    AotCache.record(
        (command, scratch) ->
            WorkerTraining.run(function, command, scratch, ProcessBuilder.Redirect.DISCARD),
        worker.command(home, List.of(memory), List.of()),
        cache,
        Files.createDirectories(folder));
  }

  /** A cache that does not fit ends the process. */
  private static List<String> with(String memory, Path cache) {
    return List.of(memory, "-XX:AOTMode=on", "-XX:AOTCache=" + cache);
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

  public SequencedSet<String> sides() {
    return commands.sequencedKeySet();
  }

  /**
   * Starts a side's process once.
   *
   * @throws IOException if it does not come to what is measured
   */
  public JsonObject once(String side) throws IOException {
    var command = Objects.requireNonNull(commands.get(side), side);
    try {
      return switch (side) {
        case EMPTY -> end(command);
        // its function is there
        case CLIENT -> claim(command, folder.resolve(CLIENT));
        default -> claim(command, folder);
      };
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

  private JsonObject claim(List<String> command, Path within)
      throws IOException, InterruptedException {
    var asked = new CompletableFuture<Long>();
    var claimed = new CompletableFuture<Long>();
    var ended = new CompletableFuture<Long>();
    var log = folder.resolve("worker.log").toFile();
    var job = QueuedJob.BOUND;
    try (var store = StubStore.start(operation -> complete(operation, claimed), job.claimed());
        var runtime =
            new StubRuntime(
                job.event(),
                1,
                () -> asked.complete(System.nanoTime()),
                answered -> end(answered, claimed, ended))) {
      long begun = System.nanoTime();
      var process = runtime.function(command, within, store, ProcessBuilder.Redirect.to(log));
      // one that ends before its time claims no more
      var _ = process.onExit().thenRun(() -> ended.cancel(false));
      try {
        long done = ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        long cpu = ProcessUsage.cpuMicros(process.pid());
        return new JsonObject()
            .put("next_ms", (asked.join() - begun) / 1e6)
            .put("ended_ms", (done - begun) / 1e6)
            .mergeIn(said(claimed.join() - begun, cpu));
      } catch (ExecutionException | TimeoutException | CancellationException e) {
        throw new IOException("the worker ended no job:\n" + Files.readString(log.toPath()), e);
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  /** A function that has no job to claim is where it would have claimed one. */
  private static void end(
      StubRuntime.Answered answered,
      CompletableFuture<Long> claimed,
      CompletableFuture<Long> ended) {
    if (answered == StubRuntime.Answered.FAILED) {
      ended.cancel(false);
    } else {
      long now = System.nanoTime();
      claimed.complete(now);
      ended.complete(now);
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

package io.streamer.soak.bench.worker;

import io.streamer.soak.bench.server.ActionsJar;
import io.streamer.soak.bench.stub.QueuedJob;
import io.streamer.soak.bench.stub.StubRuntime;
import io.streamer.soak.bench.stub.StubStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A job function with handlers from its start over a few jobs to its end. AWS's client finds
 * function and handlers in {@code lib} of where it runs, and loads them by a class loader of its
 * own: so what is registered is trained, and no handler is on the class path that the cache is
 * bound to.
 */
public final class WorkerTraining {
  private static final int EVENTS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private WorkerTraining() {}

  public static void run(List<String> command, Path scratch) throws IOException {
    run(TrainedFunction.class, command, scratch, ProcessBuilder.Redirect.INHERIT);
  }

  /**
   * Runs it.
   *
   * @param function one that needs no settings but a worker's
   * @param command what starts it, up to the function's name
   * @param scratch where it runs: an empty folder
   * @param output what becomes of what it prints
   */
  public static void run(
      Class<?> function, List<String> command, Path scratch, ProcessBuilder.Redirect output)
      throws IOException {
    ActionsJar.write(scratch.resolve("lib"), List.of(function));
    var trained = new ArrayList<>(command);
    trained.add(function.getName());
    var answers = new CountDownLatch(EVENTS);
    var failed = new AtomicBoolean();
    try (var store = StubStore.start(_ -> {}, QueuedJob.COUNTING.claimed());
        var runtime =
            new StubRuntime(
                QueuedJob.COUNTING.event(),
                EVENTS,
                () -> {},
                answered -> {
                  if (answered == StubRuntime.Answered.FAILED) {
                    failed.set(true);
                  }
                  answers.countDown();
                })) {
      var process = runtime.function(trained, scratch, store, output);
      // one that ends before its time answers no more
      var _ = process.onExit().thenRun(() -> over(answers));
      try {
        if (!answers.await(PATIENCE.toSeconds(), TimeUnit.SECONDS) || !process.isAlive()) {
          throw new IOException("the worker answered too few events");
        }
        if (failed.get()) {
          throw new IOException("the worker failed at what it was to run");
        }
        process.toHandle().destroy();
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static void over(CountDownLatch answers) {
    while (answers.getCount() > 0) {
      answers.countDown();
    }
  }
}

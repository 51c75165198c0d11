package io.streamer.worker.run;

import io.streamer.shared.action.BoundedRun;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Result;
import io.streamer.worker.time.Time;
import io.streamer.worker.time.Wakeup;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The thread that a job's handler runs on: a platform thread, for a virtual one that only computes
 * would hold its carrier, of which a small machine has one or two.
 */
final class HandlerThread {
  private final BoundedRun run;
  private final Handoff handoff;
  private final Wakeup bell;
  private final Time time;
  private final Thread thread;

  /**
   * Starts it.
   *
   * @param context its context class loader
   * @param run the handler's
   * @param bell rung when the handler has ended
   */
  HandlerThread(
      JobId job,
      ClassLoader context,
      BoundedRun run,
      Handoff handoff,
      Wakeup bell,
      Time time,
      Callable<Result> work) {
    this.run = run;
    this.handoff = handoff;
    this.bell = bell;
    this.time = time;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("job " + job)
            .start(() -> {
              Thread.currentThread().setContextClassLoader(context);
              var end = End.DIED;
              try {
                end = new End.Returned(work.call());
              } catch (Throwable thrown) {
                // StackOverflowError and OutOfMemoryError end a job, too
                end = new End.Threw(thrown);
              } finally {
                handoff.end(end);
              }
            });
  }

  /** What it has left since the last look. */
  Handoff.Look look() {
    return handoff.take();
  }

  /** What its handler has annotated so far. */
  Map<String, String> annotations() {
    return run.annotations();
  }

  /**
   * Waits until it has left something, or the time has come; may also come back before.
   *
   * @param progress whether a report counts, too
   * @param until epoch ms
   */
  void await(boolean progress, long until) throws InterruptedException {
    handoff.listen(progress);
    time.await(bell, until);
  }

  /** Tells its handler that the job was cancelled. */
  void cancel() {
    run.cancel();
  }

  /** The run is over. */
  void interrupt() {
    run.end();
    handoff.close();
    thread.interrupt();
  }

  /**
   * Ends the run and waits for the handler to give way.
   *
   * @return whether it did in time
   */
  boolean stop(long graceMs) throws InterruptedException {
    interrupt();
    var until = time.millis() + graceMs;
    while (!handoff.ended() && time.millis() < until) {
      time.await(bell, until);
    }
    return handoff.ended();
  }
}

package io.streamer.worker.run;

import io.streamer.handler.RawJson;
import io.streamer.shared.action.Stopped;
import io.streamer.shared.hold.Pauses;
import io.streamer.shared.job.Job;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.worker.aws.BlockingDynamo;
import io.streamer.worker.time.Time;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a job's steps have given, on the handler's own thread: no epoch, whoever is first counts.
 */
final class Steps {
  private static final Logger log = LoggerFactory.getLogger(Steps.class);
  private static final Pauses PAUSES = new Pauses(200, 2_000);

  private final Job job;
  private final RunCalls calls;
  private final BlockingDynamo dynamo;
  private final Time time;

  Steps(Job job, RunCalls calls, BlockingDynamo dynamo, Time time) {
    this.job = job;
    this.calls = calls;
    this.dynamo = dynamo;
    this.time = time;
  }

  /**
   * The stored result of a step, if it was done.
   *
   * @throws Stopped if the thread is interrupted before the store answers
   */
  Optional<RawJson> find(String name) {
    return patiently(calls.step(job, name));
  }

  /**
   * Stores a step's result unless there is one, and gives the one that is stored. What is done is
   * done: an interrupt does not keep it from being tried once more.
   *
   * @throws Stopped if the thread was interrupted and the store does not answer
   */
  RawJson keep(String name, RawJson result) {
    var interrupted = Thread.interrupted();
    try {
      return patiently(calls.step(job, name, result));
    } catch (Stopped stopped) {
      if (interrupted) {
        throw stopped;
      }
      interrupted = Thread.interrupted();
      try {
        return dynamo.execute(calls.step(job, name, result));
      } catch (StoreUnavailableException e) {
        job.about()
            .in(log.atWarn())
            .log("job {}: the result of the step {} is lost: {}", job.id(), name, e.getMessage());
        throw stopped;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private <T> T patiently(Call<T> call) {
    for (long pause = PAUSES.firstMs(); ; pause = PAUSES.after(pause)) {
      try {
        return dynamo.execute(call);
      } catch (StoreUnavailableException e) {
        job.about()
            .in(log.atWarn())
            .log("job {}: a step waits for the store: {}", job.id(), e.getMessage());
      }
      try {
        time.pause(time.millis() + pause);
      } catch (InterruptedException _) {
        throw Stopped.interrupted();
      }
    }
  }
}

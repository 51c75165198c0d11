package io.streamer.worker.run;

import io.streamer.shared.hold.Ending;
import io.streamer.shared.hold.Holding;
import io.streamer.shared.hold.Step;
import io.streamer.shared.job.Job;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.worker.aws.BlockingDynamo;
import io.streamer.worker.time.Time;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that is held here: does in the store what its {@link Holding} wants, and waits for it. */
final class Held {
  private static final Logger log = LoggerFactory.getLogger(Held.class);

  private final Holding holding;
  private final BlockingDynamo dynamo;
  private final Time time;

  /** Has what is under way to somebody arrive. */
  @FunctionalInterface
  interface Landing {
    void land() throws InterruptedException;
  }

  Held(Holding holding, BlockingDynamo dynamo, Time time) {
    this.holding = holding;
    this.dynamo = dynamo;
    this.time = time;
  }

  Holding holding() {
    return holding;
  }

  /** As the last write left it. */
  Job job() {
    return holding.job();
  }

  /**
   * Does what is due, if that is something.
   *
   * @return false if the job is no longer ours
   */
  boolean turn() {
    take(holding.next(time.millis()));
    return !holding.lost();
  }

  /**
   * Stores what becomes of the job.
   *
   * @return as it is then; empty if it is left to others
   */
  Optional<Job> end(Ending how, Landing landing) throws InterruptedException {
    holding.end(how);
    while (true) {
      var step = holding.next(time.millis());
      switch (step) {
        case Step.Write _, Step.Look _ -> take(step);
        case Step.Land _ -> landing.land();
        case Step.Wait(var until) -> time.pause(until);
        case Step.Lost _ -> {
          return Optional.empty();
        }
        case Step.Ended(var job) -> {
          return Optional.of(job);
        }
      }
    }
  }

  private void take(Step step) {
    try {
      switch (step) {
        case Step.Write(var call) -> holding.wrote(dynamo.execute(call));
        case Step.Look(var call) -> holding.looked(dynamo.execute(call));
        case Step.Land _, Step.Wait _, Step.Lost _, Step.Ended _ -> {}
      }
    } catch (StoreUnavailableException e) {
      job()
          .about()
          .in(log.atWarn())
          .log("job {}: the store did not answer: {}", job().id(), e.getMessage());
      holding.unanswered(time.millis());
    }
  }
}

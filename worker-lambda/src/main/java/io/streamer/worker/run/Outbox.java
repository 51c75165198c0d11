package io.streamer.worker.run;

import io.streamer.shared.blob.Results;
import io.streamer.shared.hold.Ending;
import io.streamer.shared.hold.Holding;
import io.streamer.shared.hold.Step;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.worker.time.Time;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one job writes and says, from one thread: does in the store what its {@link Holding}
 * wants, waits for it, and has its courier tell what is stored.
 */
final class Outbox {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final long WRITE_MS = 2000;

  private final Holding holding;
  private final Courier courier;
  private final Store store;
  private final Results results;
  private final Consumer<Job> left;
  private final Time time;

  /** Has what is under way to somebody arrive. */
  @FunctionalInterface
  private interface Landing {
    void land() throws InterruptedException;
  }

  /**
   * Has nothing to say yet.
   *
   * @param left takes the job as it is stored when its run is over
   */
  Outbox(
      Holding holding,
      Courier courier,
      Store store,
      Results results,
      Consumer<Job> left,
      Time time) {
    this.holding = holding;
    this.courier = courier;
    this.store = store;
    this.results = results;
    this.left = left;
    this.time = time;
  }

  /** As the last write left it. */
  Job job() {
    return holding.job();
  }

  /** Takes what the handler's thread left. */
  void take(Handoff.Look look, Map<String, String> newestAnnotations) {
    holding.annotate(newestAnnotations);
    var progress = look.progress();
    if (progress != null) {
      holding.report(progress.percentage(), progress.message(), time.millis());
    }
  }

  /** Whether a report waits to be sent, so that {@link #nextTurn} comes soon anyway. */
  boolean pending() {
    return holding.pending();
  }

  /** Whether all events are stored. */
  boolean drained() {
    return holding.drained();
  }

  /** Whether somebody asked for the job to stop. */
  boolean cancelled() {
    return holding.cancelled();
  }

  /**
   * Does whatever is due.
   *
   * @return false if the job is no longer ours: nothing more is written or sent
   */
  boolean turn() {
    if (!hold()) {
      courier.close();
      return false;
    }
    // pushed behind the write, to whoever watches by the image that the write returned
    courier.carry();
    return true;
  }

  /** When {@link #turn} has something to do again, epoch ms. */
  long nextTurn() {
    return Math.min(holding.nextAt(), courier.nextAt());
  }

  /**
   * Does what is due in the store alone: before there is something to say.
   *
   * @return false if the job is no longer ours
   */
  boolean hold() {
    take(holding.next(time.millis()));
    return !holding.lost();
  }

  /** Leaves a job of which nothing was said to others; should it end by that, they tell it. */
  void handBack(Ending how) throws InterruptedException {
    var _ = store(how, () -> {});
  }

  /**
   * Stores what becomes of the job and tells it, if that is an end: one that is to go on is its
   * next holder's to speak of. Without a connection, or if the store could not be reached until the
   * lease ended, others see to it: the job stands in {@code due}.
   *
   * @param tellUntil when to leave the telling to others, epoch ms
   */
  void end(Ending how, long tellUntil) throws InterruptedException {
    // the write that follows needs some of the time
    var stored = store(how, () -> courier.land(tellUntil - WRITE_MS));
    if (stored.isEmpty()) {
      return;
    }
    left.accept(stored.get());
    if (stored.get().status().terminal()) {
      tell(stored.get(), how, tellUntil);
    }
  }

  /** The job as it is then; empty if it is left to others. */
  private Optional<Job> store(Ending how, Landing landing) throws InterruptedException {
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
        case Step.Write(var call) -> holding.wrote(store.execute(call));
        case Step.Look(var call) -> holding.looked(store.execute(call));
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

  /** Tells an end that is stored; then nobody has to look after the job any more. */
  private void tell(Job job, Ending how, long until) throws InterruptedException {
    ServerFrame last;
    try {
      last = last(job, how);
    } catch (IOException e) {
      job.about()
          .in(log.atError())
          .setCause(e)
          .log("job {}: its end is stored and cannot be told from here", job.id());
      return;
    }
    if (!courier.end(last, until)) {
      return;
    }
    try {
      store.execute(store.jobs().delivered(job));
    } catch (StoreUnavailableException e) {
      job.about()
          .in(log.atWarn())
          .log("job {}: delivered, and stays due: {}", job.id(), e.getMessage());
    }
  }

  private ServerFrame last(Job job, Ending how) throws IOException {
    var result = Optional.<ServerFrame.Result>empty();
    if (how instanceof Ending.Ends(Outcome.Succeeded(var returned))) {
      result = Optional.of(results.sent(returned));
    }
    return job.terminalFrame(result).orElseThrow();
  }
}

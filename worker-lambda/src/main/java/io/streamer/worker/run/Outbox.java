package io.streamer.worker.run;

import io.streamer.shared.hold.Ending;
import io.streamer.shared.hold.Holding;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Result;
import io.streamer.worker.time.Time;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that one job writes and says, from one thread: the store and the pushes as its {@link
 * Holding} and its courier want them.
 */
final class Outbox {
  private static final long WRITE_MS = 2000;

  private final Held held;
  private final Holding holding;
  private final EmissionJournal journal;
  private final Courier courier;
  private final EndTeller teller;
  private final Time time;

  Outbox(Held held, EmissionJournal journal, Courier courier, EndTeller teller, Time time) {
    this.held = held;
    this.holding = held.holding();
    this.journal = journal;
    this.courier = courier;
    this.teller = teller;
    this.time = time;
  }

  EmissionJournal journal() {
    return journal;
  }

  /** Takes what the handler's thread left. */
  void take(Handoff.Look look, Map<String, String> newestAnnotations) {
    holding.annotate(newestAnnotations);
    var progress = look.progress();
    if (progress != null) {
      holding.report(progress.percentage(), progress.message(), time.millis());
    }
  }

  /** When the first progress of this run went out; epoch ms. */
  OptionalLong firstProgressAt() {
    return holding.firstProgressAt();
  }

  /** How the owner was told of the job's end. */
  Told told() {
    return teller.told();
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
    if (!held.turn()) {
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
   * Stores what becomes of the job and tells it, if that is an end. Without a connection, or if the
   * store could not be reached until the lease ended, others see to it: the job stands in {@code
   * due}.
   *
   * @param tellUntil when to leave the telling to others, epoch ms
   */
  void end(Ending how, long tellUntil) throws InterruptedException {
    // the write that follows needs some of the time
    var ended = held.end(how, () -> courier.land(tellUntil - WRITE_MS));
    if (ended.isPresent()) {
      teller.tell(ended.get(), result(how), tellUntil);
    }
  }

  private static Optional<Result> result(Ending how) {
    return how instanceof Ending.Ends(Outcome.Succeeded(var result))
        ? Optional.of(result)
        : Optional.empty();
  }
}

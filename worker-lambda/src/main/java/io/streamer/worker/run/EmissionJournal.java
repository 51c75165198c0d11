package io.streamer.worker.run;

import io.streamer.handler.RawJson;
import io.streamer.shared.hold.Journal;
import io.streamer.shared.hold.Recipients;
import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.store.RunCalls;
import io.streamer.shared.store.Said;
import io.streamer.worker.run.Emissions.Emitted;
import io.streamer.worker.run.Emissions.Next;
import io.streamer.worker.run.Emissions.Reached;
import io.streamer.worker.time.Pace;
import io.streamer.worker.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes writes of what a handler emits: the first event at once, then groups of them. More events
 * are stored only once the last ones were sent to everybody: who takes the job over sends those
 * alone again.
 */
final class EmissionJournal implements Journal {
  private static final long GROUP_MS = 250;

  private final Emissions emissions;
  private final Pace pace;
  private final Recipients recipients;
  private final RunCalls calls;
  private final Time time;
  private Optional<Long> voidAfter = Optional.empty();
  private long groupAt = Long.MIN_VALUE;
  private Optional<RawJson> from = Optional.empty();
  private boolean further;
  private int checkpoints;
  private boolean outOfTime;

  /** Has nothing to write before {@link #begin}, but what is emitted. */
  EmissionJournal(
      Emissions emissions, Pace pace, Recipients recipients, RunCalls calls, Time time) {
    this.emissions = emissions;
    this.pace = pace;
    this.recipients = recipients;
    this.calls = calls;
    this.time = time;
  }

  /**
   * Begins with what an earlier holder left.
   *
   * @param newest the events that were stored last: they may never have been sent
   * @param afterSeq the number behind which its events are void, if there are such
   * @param checkpoint where it got to
   */
  void begin(List<Replayed> newest, Optional<Long> afterSeq, Optional<RawJson> checkpoint) {
    recipients.tell(newest);
    voidAfter = afterSeq;
    from = checkpoint;
  }

  @Override
  public long nextAt() {
    // a checkpoint must not make events count that are to be voided
    if (voidAfter.isEmpty() && emissions.next() == Next.CHECKPOINT) {
      return Long.MIN_VALUE;
    }
    if (empty() || !recipients.served()) {
      return Long.MAX_VALUE;
    }
    return voidAfter.isEmpty() && emissions.next() == Next.EVENTS ? groupAt : Long.MIN_VALUE;
  }

  @Override
  public boolean empty() {
    return voidAfter.isEmpty() && emissions.next() == Next.NOTHING;
  }

  /** Whether this run has got further than where it began. */
  boolean checkpointed() {
    return further;
  }

  /** Whether the handler was told at a checkpoint to leave the rest to another invocation. */
  boolean outOfTime() {
    return outOfTime;
  }

  @Override
  public Write next(Job job, LongSupplier numbers, Supplier<Said> said) {
    if (voidAfter.isEmpty()) {
      var reached = emissions.checkpoint();
      if (reached.isPresent()) {
        // the progress that it keeps has a number of its own: a late write must not undo it
        var _ = numbers.getAsLong();
        return checkpoint(job, reached.get(), said.get());
      }
    }
    var frames = new ArrayList<Replayed>();
    voidAfter.ifPresent(after ->
        frames.add(
            new ServerFrame.Rewind(job.requestId(), job.id().value(), numbers.getAsLong(), after)));
    for (var event : emissions.events()) {
      frames.add(numbered(job, numbers, event));
    }
    groupAt = time.millis() + GROUP_MS;
    voidAfter = Optional.empty();
    return new Write(
        calls.append(job, frames, said.get(), Store.nonce()), () -> recipients.tell(frames));
  }

  private Write checkpoint(Job job, Reached reached, Said said) {
    checkpoints++;
    further |= !from.equals(Optional.of(reached.value()));
    return new Write(
        calls.checkpoint(job, checkpoints, reached.value(), said, Store.nonce()),
        () -> {
          outOfTime = !pace.goesOn(time.millis());
          reached.stored(!outOfTime);
        });
  }

  private static ServerFrame.Event numbered(Job job, LongSupplier numbers, Emitted event) {
    return new ServerFrame.Event(
        job.requestId(), job.id().value(), numbers.getAsLong(), event.name(), event.data());
  }
}

package io.streamer.worker.run;

import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.hold.Ending;
import io.streamer.shared.hold.Holding;
import io.streamer.shared.hold.Lease;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.log.About;
import io.streamer.shared.log.Abridged;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.store.Checkpoint;
import io.streamer.shared.store.Claim;
import io.streamer.shared.trace.Span;
import io.streamer.shared.trace.SpanAttribute;
import io.streamer.shared.trace.SpanName;
import io.streamer.shared.trace.Traces;
import io.streamer.worker.time.InvocationTime;
import io.streamer.worker.time.Pace;
import io.streamer.worker.time.Time;
import io.streamer.worker.time.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one job: the handler on a thread of its own, all else (lease, store, what is said) on the
 * caller's.
 */
public final class JobRunner {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

  /** When a job is tried again that could not begin. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final Supplier<Catalogue> catalogue;
  private final Store store;
  private final PushClient push;
  private final Blobs blobs;
  private final Results results;
  private final Time time;
  private final RandomGenerator random;
  private final Listeners listeners;

  /**
   * Who hears how runs go, their clients aside.
   *
   * @param updates takes what happens to each job
   */
  public record Listeners(Consumer<RunUpdate> updates, RunSignals signals, Traces traces) {}

  /** How a run went. */
  public enum Ended {
    /** Another worker has the job, or it has ended. */
    TAKEN,
    /** The handler ended, or gave way when it was interrupted. */
    ORDERLY,
    /** The handler ignored its interrupt and still runs: this process is not to be used again. */
    ABANDONED
  }

  public JobRunner(
      Supplier<Catalogue> catalogue,
      Store store,
      PushClient push,
      Blobs blobs,
      Time time,
      RandomGenerator random,
      Listeners listeners) {
    this.catalogue = catalogue;
    this.store = store;
    this.push = push;
    this.blobs = blobs;
    this.results = new Results(blobs);
    this.time = time;
    this.random = random;
    this.listeners = listeners;
  }

  /**
   * Claims the job and runs it to its end.
   *
   * @param epoch the one the job was queued with
   * @param origin who asked
   * @param remaining how long the invocation may still take
   * @throws io.streamer.shared.table.StoreUnavailableException if the store was out of reach for
   *     the claim; should it have been made, the job waits for its lease to run out
   */
  public Ended run(JobId id, long epoch, Origin origin, Duration remaining)
      throws InterruptedException {
    var begun = time.millis();
    var invocation = InvocationTime.of(begun, remaining);
    return switch (store.execute(store.jobs().claim(id, epoch, Store.nonce()))) {
      case Claim.Taken _ -> {
        About.jobOf(id.value())
            .in(log.atDebug())
            .log("job {}: not to be run at epoch {}", id, epoch);
        yield Ended.TAKEN;
      }
      case Claim.Claimed(var job) -> {
        var span = listeners.traces().run(job, origin.traceparent(), origin.lambda());
        yield new Claimed(job, span, invocation, begun).run();
      }
    };
  }

  /** One job that this worker holds, until this invocation is done with it. */
  private final class Claimed {
    private final Job job;
    private final Span span;
    private final InvocationTime invocation;
    private final long begun;
    private final Wakeup bell = new Wakeup();
    private final Courier courier;
    private final Holding holding;
    private final Outbox outbox;

    Claimed(Job job, Span span, InvocationTime invocation, long begun) {
      this.job = job;
      this.span = span;
      this.invocation = invocation;
      this.begun = begun;
      this.courier = new Courier(job, push, span, store, bell, time);
      this.holding =
          new Holding(
              job,
              new Lease(store.jobs().lease(), begun),
              store.jobs(),
              Store::nonce,
              courier.recipients(),
              report -> listeners.updates().accept(new RunUpdate.Progressed(job, report)),
              time.millis());
      this.outbox = new Outbox(holding, courier, store, results, this::left, time);
    }

    Ended run() throws InterruptedException {
      try {
        var definition = catalogue.get().find(job.action());
        if (definition.isEmpty()) {
          job.about()
              .in(log.atWarn())
              .log("job {}: no handler for the action {}", job.id(), job.action());
          unknown();
          return Ended.ORDERLY;
        }
        return run(definition.get());
      } catch (RuntimeException e) {
        span.failed(e.getClass().getName());
        throw e;
      } finally {
        courier.close();
        span.put(SpanAttribute.STATUS, holding.job().status().wire());
        span.end();
      }
    }

    private void unknown() throws InterruptedException {
      var newest = new FirstReads(outbox, time, invocation).read(this::newest);
      if (newest.isEmpty()) {
        handBack();
        return;
      }
      var journal = journal(new Handoff(bell));
      holding.begin(new Reports(1), journal);
      journal.begin(newest.get(), Optional.empty(), Optional.empty());
      outbox.end(Verdict.unknownAction(job, time.millis(), random), invocation.tellUntil());
      ran();
    }

    private Ended run(Definition definition) throws InterruptedException {
      var read = new FirstReads(outbox, time, invocation).read(this::beginning);
      if (read.isEmpty()) {
        handBack();
        return Ended.ORDERLY;
      }
      return run(definition, read.get());
    }

    private Ended run(Definition definition, Beginning beginning) throws InterruptedException {
      var checkpoint = beginning.checkpoint();
      var handoff = new Handoff(bell);
      var deadlines =
          Deadlines.of(
              time.millis(),
              definition.timeout(),
              invocation.handlerEndsAt(),
              job.terms().deadlineAt());
      var journal = journal(handoff);
      holding.begin(reports(definition, checkpoint.isPresent()), journal);
      journal.begin(beginning.newest(), voidAfter(checkpoint), checkpoint.map(Checkpoint::value));
      var handling = span.child(SpanName.HANDLE, job.action());
      var run =
          new JobRun(
              job,
              handling.traceparent(job.traceparent()),
              beginning,
              Instant.ofEpochMilli(deadlines.at()),
              handoff,
              new Steps(job, store.runs(), store.dynamo(), time),
              blobs);
      listeners.updates().accept(new RunUpdate.Started(job));
      var handler =
          new HandlerThread(
              job.id(),
              definition.loader(),
              run,
              handoff,
              bell,
              time,
              () -> {
                try (var _ = handling.current()) {
                  var request = Unbound.bind(definition, beginning.content().payload());
                  var json = definition.call(request, run);
                  // a large one is stored on the handler's thread: leases are renewed meanwhile
                  return run.begin(
                      () -> results.keep(job.caller().tenant(), json, run.annotations()));
                } catch (Throwable thrown) {
                  handling.failed(thrown.getClass().getName());
                  throw thrown;
                } finally {
                  handling.end();
                }
              });
      try {
        var ended =
            new Attempt(
                    handler,
                    outbox,
                    journal,
                    deadlines,
                    end -> Verdict.of(job, definition, end, time.millis(), random),
                    this::failed,
                    time)
                .follow(invocation);
        ran();
        return ended;
      } catch (RuntimeException | Error e) {
        if (handler.stop(invocation.graceMs())) {
          throw e;
        }
        job.about()
            .in(log.atError())
            .setCause(Abridged.of(e))
            .log("job {}: its run failed", job.id());
        return Ended.ABANDONED;
      } finally {
        // a failure of our own must not leave the handler working for nobody
        handler.interrupt();
      }
    }

    private Beginning beginning() {
      return new Beginning(
          store.execute(store.jobs().content(job)),
          store.execute(store.runs().checkpoint(job)),
          newest());
    }

    /** Nothing was said, and no attempt is used up. */
    private void handBack() throws InterruptedException {
      job.about().in(log.atWarn()).log("job {}: handed back, it could not begin", job.id());
      outbox.handBack(new Ending.TriedAgain(AGAIN, false));
    }

    /** Its last holder may have stopped before these were sent. */
    private List<Replayed> newest() {
      return store.execute(store.events().newest(job));
    }

    /** A run that starts again emits anew what came after its checkpoint. */
    private Optional<Long> voidAfter(Optional<Checkpoint> checkpoint) {
      var keeps = checkpoint.map(Checkpoint::eventSeq).orElse(0L);
      return job.eventSeq() > keeps ? Optional.of(keeps) : Optional.empty();
    }

    /** From a checkpoint it goes on where it was seen last. */
    private Reports reports(Definition definition, boolean goesOn) {
      var from = goesOn ? new Report(job.percentage(), job.message()) : new Report(0, "");
      return new Reports(definition.progressPerSecond(), from);
    }

    private EmissionJournal journal(Handoff handoff) {
      var pace = new Pace(time.millis(), invocation.handlerEndsAt());
      return new EmissionJournal(
          handoff.emissions(), pace, courier.recipients(), store.runs(), time);
    }

    private void failed(End end) {
      RunUpdate.AttemptFailed.of(job.id(), job.attempt(), end).ifPresent(listeners.updates());
    }

    private void ran() {
      listeners
          .signals()
          .ran(job, begun, holding.job(), holding.firstProgressAt(), courier.told(), time.millis());
    }

    private void left(Job stored) {
      listeners.updates().accept(new RunUpdate.Left(stored));
    }
  }
}

package io.streamer.worker.run;

import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Definition;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.hold.Ending;
import io.streamer.shared.hold.Holding;
import io.streamer.shared.hold.Lease;
import io.streamer.shared.hold.Recipients;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Reports.Report;
import io.streamer.shared.job.RunInput;
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
  private final Duration lease;
  private final Time time;
  private final RandomGenerator random;
  private final Consumer<String> events;
  private final RunSignals signals;
  private final Traces traces;
  private final Consumer<FailedAttempt> failures;

  /**
   * What a run begins with.
   *
   * @param newest the events that were stored last
   */
  private record Beginning(
      RunInput content, Optional<Checkpoint> checkpoint, List<Replayed> newest) {}

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
      Duration lease,
      Time time,
      RandomGenerator random,
      Consumer<String> events,
      RunSignals signals,
      Traces traces,
      Consumer<FailedAttempt> failures) {
    this.catalogue = catalogue;
    this.store = store;
    this.push = push;
    this.blobs = blobs;
    this.results = new Results(blobs);
    this.lease = lease;
    this.time = time;
    this.random = random;
    this.events = events;
    this.signals = signals;
    this.traces = traces;
    this.failures = failures;
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
    switch (store.execute(store.jobs().claim(id, epoch, Store.nonce()))) {
      case Claim.Taken _ -> {
        log.debug("job {}: not to be run at epoch {}", id, epoch);
        return Ended.TAKEN;
      }
      case Claim.Claimed(var job) -> {
        var span = traces.run(job, origin.traceparent(), origin.lambda());
        var bell = new Wakeup();
        var courier =
            new Courier(
                job.id(),
                new Recipients(time),
                push,
                span,
                job.action(),
                store.subscriptions(),
                store.dynamo(),
                bell,
                time);
        var held = held(job, begun, courier.recipients());
        try {
          var definition = catalogue.get().find(job.action());
          if (definition.isEmpty()) {
            log.warn("job {}: no handler for the action {}", id, job.action());
            unknown(job, held, invocation, begun, bell, courier);
            return Ended.ORDERLY;
          }
          return run(job, definition.get(), held, invocation, begun, bell, courier, span);
        } catch (RuntimeException e) {
          span.failed(e.getClass().getName());
          throw e;
        } finally {
          courier.close();
          span.put(SpanAttribute.STATUS, held.job().status().wire());
          span.end();
        }
      }
    }
  }

  private Held held(Job job, long begun, Recipients recipients) {
    var holding =
        new Holding(
            job,
            new Lease(lease, begun),
            store.jobs(),
            Store::nonce,
            recipients,
            report ->
                say(job, "%.0f %% %s".formatted(report.percentage(), report.message()).strip()),
            time.millis());
    return new Held(holding, store.dynamo(), time);
  }

  private void unknown(
      Job job, Held held, InvocationTime invocation, long begun, Wakeup bell, Courier courier)
      throws InterruptedException {
    var newest = new FirstReads(held, time, invocation).read(() -> newest(job));
    if (newest.isEmpty()) {
      handBack(held);
      return;
    }
    var outbox = outbox(job, held, new Reports(1), new Handoff(bell), invocation, courier);
    outbox.journal().begin(newest.get(), Optional.empty(), Optional.empty());
    outbox.end(Verdict.unknownAction(job, time.millis(), random), invocation.tellUntil());
    signals.ran(job, begun, held.job(), outbox.firstProgressAt(), outbox.told(), time.millis());
  }

  private Ended run(
      Job job,
      Definition definition,
      Held held,
      InvocationTime invocation,
      long begun,
      Wakeup bell,
      Courier courier,
      Span span)
      throws InterruptedException {
    var read = new FirstReads(held, time, invocation).read(() -> beginning(job));
    if (read.isEmpty()) {
      handBack(held);
      return Ended.ORDERLY;
    }
    return run(job, definition, held, invocation, begun, read.get(), bell, courier, span);
  }

  private Ended run(
      Job job,
      Definition definition,
      Held held,
      InvocationTime invocation,
      long begun,
      Beginning beginning,
      Wakeup bell,
      Courier courier,
      Span span)
      throws InterruptedException {
    var checkpoint = beginning.checkpoint();
    var handoff = new Handoff(bell);
    var deadlines =
        Deadlines.of(
            time.millis(),
            definition.timeout(),
            invocation.handlerEndsAt(),
            job.terms().deadlineAt());
    var reports = reports(job, definition, checkpoint.isPresent());
    var outbox = outbox(job, held, reports, handoff, invocation, courier);
    outbox
        .journal()
        .begin(beginning.newest(), voidAfter(job, checkpoint), checkpoint.map(Checkpoint::value));
    var handling = span.child(SpanName.HANDLE, job.action());
    var run =
        new JobRun(
            job,
            handling.traceparent(job.traceparent()),
            beginning.content(),
            Instant.ofEpochMilli(deadlines.at()),
            checkpoint.map(Checkpoint::value),
            handoff,
            new Steps(job, store.runs(), store.dynamo(), time),
            blobs);
    say(job, "runs, attempt " + job.attempt());
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
                  job,
                  definition,
                  run,
                  handler,
                  handoff,
                  outbox,
                  deadlines,
                  bell,
                  time,
                  random,
                  failures)
              .follow(invocation);
      signals.ran(job, begun, held.job(), outbox.firstProgressAt(), outbox.told(), time.millis());
      return ended;
    } catch (RuntimeException e) {
      if (handler.stop(invocation.graceMs())) {
        throw e;
      }
      log.error("job {}: its run failed", job.id(), e);
      return Ended.ABANDONED;
    } finally {
      // a failure of our own must not leave the handler working for nobody
      handler.interrupt();
    }
  }

  private Beginning beginning(Job job) {
    return new Beginning(
        store.execute(store.jobs().content(job)),
        store.execute(store.runs().checkpoint(job)),
        newest(job));
  }

  /** Nothing was said, and no attempt is used up; should it end, others tell it. */
  private static void handBack(Held held) throws InterruptedException {
    log.warn("job {}: handed back, it could not begin", held.job().id());
    var _ = held.end(new Ending.TriedAgain(AGAIN, false), () -> {});
  }

  /** Its last holder may have stopped before these were sent. */
  private List<Replayed> newest(Job job) {
    return store.execute(store.events().newest(job));
  }

  /** A run that starts again emits anew what came after its checkpoint. */
  private static Optional<Long> voidAfter(Job job, Optional<Checkpoint> checkpoint) {
    var keeps = checkpoint.map(Checkpoint::eventSeq).orElse(0L);
    return job.eventSeq() > keeps ? Optional.of(keeps) : Optional.empty();
  }

  /** From a checkpoint it goes on where it was seen last. */
  private static Reports reports(Job job, Definition definition, boolean goesOn) {
    var from = goesOn ? new Report(job.percentage(), job.message()) : new Report(0, "");
    return new Reports(definition.progressPerSecond(), from);
  }

  private Outbox outbox(
      Job job,
      Held held,
      Reports reports,
      Handoff handoff,
      InvocationTime invocation,
      Courier courier) {
    var pace = new Pace(time.millis(), invocation.handlerEndsAt());
    var journal =
        new EmissionJournal(handoff.emissions(), pace, courier.recipients(), store.runs(), time);
    held.holding().begin(reports, journal);
    var teller = new Teller(courier, store, results, line -> say(job, line), time);
    return new Outbox(held, journal, courier, teller, time);
  }

  private void say(Job job, String line) {
    events.accept(job.action() + " " + job.requestId() + " " + line);
  }
}

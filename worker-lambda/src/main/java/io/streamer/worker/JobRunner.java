package io.streamer.worker;

import io.streamer.handler.Caller;
import io.streamer.shared.blob.Blobs;
import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Catalogue;
import io.streamer.shared.job.Content;
import io.streamer.shared.job.Definition;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports;
import io.streamer.shared.job.Result;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.store.Claim;
import io.streamer.shared.store.JobCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one job at a time for each caller: the handler on a thread of its own, all else (lease,
 * store, pushes) on the caller's.
 */
final class JobRunner {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

  /** Kept back of an invocation's time to stop the handler, and to store and tell the outcome. */
  private static final long MOST_RESERVE_MS = 10_000;

  private final Supplier<Catalogue> catalogue;
  private final JobCalls calls;
  private final BlockingDynamo dynamo;
  private final PushClient push;
  private final Blobs blobs;
  private final Results results;
  private final Duration lease;
  private final Time time;
  private final Consumer<String> events;

  /** How a run went. */
  enum Ended {
    /** Another worker has the job, or it has ended. */
    TAKEN,
    /** The handler ended, or gave way when it was interrupted. */
    ORDERLY,
    /** The handler ignored its interrupt and still runs: this process is not to be used again. */
    ABANDONED
  }

  JobRunner(
      Supplier<Catalogue> catalogue,
      JobCalls calls,
      BlockingDynamo dynamo,
      PushClient push,
      Blobs blobs,
      Duration lease,
      Time time,
      Consumer<String> events) {
    this.catalogue = catalogue;
    this.calls = calls;
    this.dynamo = dynamo;
    this.push = push;
    this.blobs = blobs;
    this.results = new Results(blobs);
    this.lease = lease;
    this.time = time;
    this.events = events;
  }

  /**
   * Claims the job and runs it to its end.
   *
   * @param epoch the one the job was queued with
   * @param remaining how long the invocation may still take
   * @throws io.streamer.shared.store.StoreUnavailableException if the store was out of reach before
   *     the handler was called; a claimed job then waits for its lease to run out
   */
  Ended run(JobId id, long epoch, Duration remaining) throws InterruptedException {
    var begun = time.millis();
    // a function set to a few seconds still leaves its handlers half of them
    var reserveMs = Math.min(MOST_RESERVE_MS, remaining.toMillis() / 2);
    switch (dynamo.execute(calls.claim(id, epoch, UUID.randomUUID().toString()))) {
      case Claim.Taken _ -> {
        log.debug("job {}: not to be run at epoch {}", id, epoch);
        return Ended.TAKEN;
      }
      case Claim.Claimed(var job) -> {
        var held = new Lease(lease, begun);
        var definition = catalogue.get().find(job.action());
        if (definition.isEmpty()) {
          log.warn("job {}: no handler for the action {}", id, job.action());
          outbox(job, held, 1).end(Verdict.unknownAction(job.action()));
          return Ended.ORDERLY;
        }
        return run(job, definition.get(), held, begun + remaining.toMillis(), reserveMs);
      }
    }
  }

  private Ended run(Job job, Definition definition, Lease held, long invocationEnds, long reserveMs)
      throws InterruptedException {
    var content = dynamo.execute(calls.content(job));
    var bell = new Bell();
    var handoff = new Handoff(bell);
    var begun = time.millis();
    var deadline = Math.min(begun + definition.timeout().toMillis(), invocationEnds - reserveMs);
    // how long the handler may take to answer its interrupt; the rest is for its outcome
    var graceMs = reserveMs / 2;
    var run = run(job, content, deadline, handoff);
    var handler =
        start(
            job,
            definition.loader(),
            handoff,
            // a large result is stored on the handler's thread: leases are renewed meanwhile
            () ->
                results.keep(
                    job.caller().tenant(),
                    definition.call(definition.bind(content.payload()), run)));
    var outbox = outbox(job, held, definition.progressPerSecond());
    outbox.say("runs, attempt " + job.attempt());
    try {
      while (true) {
        var look = handoff.take();
        // read behind the look: whatever was annotated before a report is there with it
        outbox.take(look, run.annotations());
        if (look.end() != null) {
          return finish(outbox, job, look.end(), true);
        }
        if (time.millis() >= deadline) {
          var stopped = stop(handler, handoff, bell, graceMs);
          return finish(
              outbox, job, new End.TimedOut(Duration.ofMillis(deadline - begun)), stopped);
        }
        if (!outbox.turn()) {
          return stop(handler, handoff, bell, graceMs) ? Ended.ORDERLY : Ended.ABANDONED;
        }
        handoff.listen(!outbox.pending());
        time.await(bell, Math.min(deadline, outbox.nextTurn()));
      }
    } finally {
      // a failure of our own must not leave the handler working for nobody
      handoff.close();
      handler.interrupt();
    }
  }

  private static Ended finish(Outbox outbox, Job job, End end, boolean stopped)
      throws InterruptedException {
    Outcome outcome = Verdict.of(job.id().toString(), end);
    outbox.end(outcome);
    return stopped ? Ended.ORDERLY : Ended.ABANDONED;
  }

  /**
   * @return whether the handler gave way in time
   */
  private boolean stop(Thread handler, Handoff handoff, Bell bell, long graceMs)
      throws InterruptedException {
    handoff.close();
    handler.interrupt();
    var until = time.millis() + graceMs;
    while (!handoff.ended() && time.millis() < until) {
      time.await(bell, until);
    }
    return handoff.ended();
  }

  private static Thread start(
      Job job, ClassLoader context, Handoff handoff, Callable<Result> work) {
    return Thread.ofVirtual()
        .name("job " + job.id())
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

  private JobRun run(Job job, Content content, long deadline, Handoff handoff) {
    return new JobRun(
        job.requestId(),
        job.attempt(),
        new Caller(job.caller().tenant(), job.caller().user(), content.permissions()),
        Instant.ofEpochMilli(deadline),
        content.metadata(),
        handoff,
        blobs);
  }

  private Outbox outbox(Job job, Lease held, int progressPerSecond) {
    return new Outbox(
        job,
        new Reports(progressPerSecond),
        held,
        new Courier(job.id().toString(), job.route(), push, time),
        calls,
        dynamo,
        results,
        time,
        line -> events.accept(job.action() + " " + job.requestId() + " " + line));
  }
}

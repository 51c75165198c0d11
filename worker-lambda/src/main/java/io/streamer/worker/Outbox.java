package io.streamer.worker;

import io.streamer.shared.blob.Results;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Outcome;
import io.streamer.shared.job.Reports;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.store.Call;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.StoreUnavailableException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one job writes and says, from one thread: numbers, store and pushes cannot overtake each
 * other. Nothing is said once the job is somebody else's.
 */
final class Outbox {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);
  private static final long LOOK_MS = 1000;
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 5000;

  private final JobCalls calls;
  private final BlockingDynamo dynamo;
  private final Results results;
  private final Time time;
  private final Lease lease;
  private final Reports reports;
  private final Courier courier;
  private final Consumer<String> events;

  private Job job;
  private Map<String, String> annotations = Map.of();
  private long seq;
  private long seenAt;
  private boolean keepFailed;

  Outbox(
      Job job,
      Reports reports,
      Lease lease,
      Courier courier,
      JobCalls calls,
      BlockingDynamo dynamo,
      Results results,
      Time time,
      Consumer<String> events) {
    this.job = job;
    this.reports = reports;
    this.lease = lease;
    this.courier = courier;
    this.calls = calls;
    this.dynamo = dynamo;
    this.results = results;
    this.time = time;
    this.events = events;
    this.seq = job.firstSeq();
    this.seenAt = time.millis();
  }

  /** Tells whoever follows this process what the job does. */
  void say(String line) {
    events.accept(line);
  }

  /** Takes what the handler's thread left. */
  void take(Handoff.Look look, Map<String, String> newestAnnotations) {
    annotations = newestAnnotations;
    if (look.progress() != null) {
      reports.report(look.progress().percentage(), look.progress().message(), time.millis());
    }
  }

  /** Whether a report waits to be sent, so that {@link #nextTurn} comes soon anyway. */
  boolean pending() {
    return reports.nextSendAt() != Long.MAX_VALUE;
  }

  /**
   * Does whatever is due.
   *
   * @return false if the job is no longer ours: nothing more is written or sent
   */
  boolean turn() {
    var now = time.millis();
    if (lease.lost(now)) {
      log.warn("job {}: the lease could not be renewed", job.id());
      return false;
    }
    var due = courier.ready(now) ? reports.toSend(now) : Optional.<Reports.Report>empty();
    var frame = due.map(this::numbered);
    if (!touch(now)) {
      log.info("job {}: no longer ours", job.id());
      return false;
    }
    // pushed behind the write, to the route that the write returned
    frame.ifPresent(courier::take);
    courier.carry(time.millis());
    return true;
  }

  /** When {@link #turn} has something to do again, epoch ms. */
  long nextTurn() {
    var row = Math.min(seenAt + LOOK_MS, Math.min(lease.renewalAt(), lease.lostAt()));
    var progress = Math.min(reports.nextSendAt(), reports.nextKeepAt());
    return Math.min(row, Math.min(progress, courier.nextAt()));
  }

  /**
   * Stores the outcome, then tells it. Without a connection, or if the store could not be reached
   * until the lease ended, others see to it: the job stands in {@code due}.
   *
   * @return false if the job was no longer ours, or the store was out of reach
   */
  boolean end(Outcome outcome) throws InterruptedException {
    var unsent =
        switch (outcome) {
          case Outcome.Succeeded _ -> Optional.of(reports.end());
          case Outcome.Failed _ -> reports.toSend(Math.max(time.millis(), reports.nextSendAt()));
        };
    var last = unsent.orElseGet(reports::newest);
    unsent.map(this::numbered).ifPresent(courier::take);
    var finished = store(calls.finish(job, outcome, last, ++seq, annotations, nonce()));
    if (finished.isEmpty()) {
      return false;
    }
    job = finished.get();
    say(
        switch (outcome) {
          case Outcome.Succeeded _ -> "succeeded";
          case Outcome.Failed(var problem) -> "failed: " + problem.code();
        });
    courier.follow(job.route());
    try {
      if (courier.last(job.terminalFrame(result(outcome)).orElseThrow())) {
        leaveDue();
      }
    } catch (IOException e) {
      log.error("job {}: its end is stored and cannot be told from here", job.id(), e);
    }
    return true;
  }

  /** One contact with the row, if one is due: a keep, else a renewal, else a look. */
  private boolean touch(long now) {
    if (reports.toKeep(now) || (keepFailed && now >= seenAt + LOOK_MS)) {
      keepFailed = true;
      return write(calls.keep(job, reports.newest(), seq, annotations, nonce()), now);
    }
    if (lease.renewalDue(now)) {
      return write(calls.renew(job, seq, nonce()), now);
    }
    return now < seenAt + LOOK_MS || look(now);
  }

  private boolean write(Call<Kept> call, long now) {
    seenAt = now;
    try {
      return switch (dynamo.execute(call)) {
        case Kept.Still(var row) -> {
          job = row;
          keepFailed = false;
          lease.written(now);
          courier.follow(row.route());
          yield true;
        }
        case Kept.Lost _ -> false;
      };
    } catch (StoreUnavailableException e) {
      log.warn("job {}: not written: {}", job.id(), e.getMessage());
      lease.failed(time.millis());
      return true;
    }
  }

  private boolean look(long now) {
    seenAt = now;
    Optional<Job> row;
    try {
      row = dynamo.execute(calls.peek(job.id()));
    } catch (StoreUnavailableException e) {
      log.warn("job {}: not read: {}", job.id(), e.getMessage());
      return true;
    }
    // an eventually consistent read may be older than our last write, which raised the lease
    if (row.isEmpty() || row.get().epoch() < job.epoch()) {
      return true;
    }
    var seen = row.get();
    if (seen.epoch() > job.epoch() || seen.status() != JobStatus.RUNNING) {
      return false;
    }
    if (seen.leaseUntil() >= job.leaseUntil()) {
      courier.follow(seen.route());
    }
    return true;
  }

  /** Tries until the lease has ended: then the job is looked after by others. */
  private Optional<Job> store(Call<Kept> call) throws InterruptedException {
    var bell = new Bell();
    for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return switch (dynamo.execute(call)) {
          case Kept.Still(var row) -> Optional.of(row);
          case Kept.Lost _ -> {
            log.info("job {}: no longer ours, its outcome is dropped", job.id());
            yield Optional.empty();
          }
        };
      } catch (StoreUnavailableException e) {
        log.warn("job {}: outcome not written: {}", job.id(), e.getMessage());
      }
      var until = time.millis() + pause;
      if (until >= lease.endsAt()) {
        return Optional.empty();
      }
      while (time.millis() < until) {
        time.await(bell, until);
      }
    }
  }

  private void leaveDue() {
    try {
      dynamo.execute(calls.delivered(job));
    } catch (StoreUnavailableException e) {
      log.warn("job {}: delivered, and stays due: {}", job.id(), e.getMessage());
    }
  }

  private ServerFrame.Progress numbered(Reports.Report report) {
    say("%.0f %% %s".formatted(report.percentage(), report.message()).strip());
    return new ServerFrame.Progress(
        job.requestId(),
        job.id().toString(),
        ++seq,
        report.percentage(),
        report.message(),
        job.attempt(),
        annotations);
  }

  private Optional<ServerFrame.Result> result(Outcome outcome) throws IOException {
    return switch (outcome) {
      case Outcome.Succeeded(var result) -> Optional.of(results.sent(result));
      case Outcome.Failed _ -> Optional.empty();
    };
  }

  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}

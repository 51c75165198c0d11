package io.streamer.worker;

import io.streamer.shared.hold.Lease;
import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import io.streamer.shared.job.Route;
import io.streamer.shared.store.Attachment;
import io.streamer.shared.store.Call;
import io.streamer.shared.store.JobCalls;
import io.streamer.shared.store.Kept;
import io.streamer.shared.store.StoreUnavailableException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job's row as its holder writes and sees it, and the lease that goes with it. */
final class Held {
  private static final Logger log = LoggerFactory.getLogger(Held.class);
  private static final long LOOK_MS = 1000;
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 5000;

  private final JobCalls calls;
  private final BlockingDynamo dynamo;
  private final Lease lease;
  private final Time time;
  private Job job;
  private Optional<Route> route;
  private long watch;
  private boolean cancel;
  private long seenAt;

  /** What came of a write. */
  enum Reply {
    WRITTEN,
    /** The job is somebody else's. */
    LOST,
    /** It may have happened or not: nobody knows before the same call is answered. */
    UNANSWERED
  }

  Held(Job job, Lease lease, JobCalls calls, BlockingDynamo dynamo, Time time) {
    this.job = job;
    this.lease = lease;
    this.calls = calls;
    this.dynamo = dynamo;
    this.time = time;
    this.route = job.route();
    this.watch = job.marks().watch();
    this.cancel = job.marks().cancel();
    this.seenAt = time.millis();
  }

  /** As the last write left it. */
  Job job() {
    return job;
  }

  /** Where its owner is, by the newest image. */
  Optional<Route> route() {
    return route;
  }

  /** Changes whenever the subscribers do. */
  long watch() {
    return watch;
  }

  /** Whether somebody asked for the job to stop. */
  boolean cancelled() {
    return cancel;
  }

  /** Whether the lease is so near its end that the job may be somebody else's soon. */
  boolean tooOld(long now) {
    if (lease.lost(now)) {
      log.warn("job {}: the lease could not be renewed", job.id());
      return true;
    }
    return false;
  }

  boolean renewalDue(long now) {
    return lease.renewalDue(now);
  }

  /** Whether a look is due: nothing was heard of the row for a second. */
  boolean lookDue(long now) {
    return now >= lookAt();
  }

  long lookAt() {
    return seenAt + LOOK_MS;
  }

  /** When the row wants to be written or read again. */
  long nextAt() {
    return Math.min(lookAt(), Math.min(lease.renewalAt(), lease.lostAt()));
  }

  long lostAt() {
    return lease.lostAt();
  }

  /** Writes, once. */
  Reply write(Call<Kept> call) {
    var begun = time.millis();
    seenAt = begun;
    try {
      return switch (dynamo.execute(call)) {
        case Kept.Still(var row) -> {
          job = row;
          lease.written(begun);
          saw(row);
          yield Reply.WRITTEN;
        }
        case Kept.Lost _ -> {
          log.info("job {}: no longer ours", job.id());
          yield Reply.LOST;
        }
      };
    } catch (StoreUnavailableException e) {
      log.warn("job {}: not written: {}", job.id(), e.getMessage());
      lease.failed(time.millis());
      return Reply.UNANSWERED;
    }
  }

  /** Writes, and tries until the lease has ended: then the job is looked after by others. */
  boolean store(Call<Kept> call) throws InterruptedException {
    var bell = new Bell();
    for (long pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      switch (write(call)) {
        case WRITTEN -> {
          return true;
        }
        case LOST -> {
          return false;
        }
        case UNANSWERED -> {
          var until = time.millis() + pause;
          if (until >= lease.endsAt()) {
            return false;
          }
          while (time.millis() < until) {
            time.await(bell, until);
          }
        }
      }
    }
  }

  /**
   * Reads the row as it was a moment ago.
   *
   * @return false if the job is no longer ours
   */
  boolean look() {
    seenAt = time.millis();
    try {
      var row = dynamo.execute(calls.peek(job.id()));
      // an attach raises nothing by which an older image could be told from a newer one
      return row.filter(seen -> !seen.route().equals(route)).isPresent()
          ? look(dynamo.execute(calls.find(job.id())))
          : look(row);
    } catch (StoreUnavailableException e) {
      log.warn("job {}: not read: {}", job.id(), e.getMessage());
      return true;
    }
  }

  /**
   * Has the owner's connection closed by whoever would send to it, unless it has another by now.
   *
   * @return false if the job is no longer ours
   */
  boolean closeOwner() {
    if (route.isEmpty()) {
      return true;
    }
    try {
      return switch (dynamo.execute(calls.close(job, route.get()))) {
        case Attachment.Attached(var row) -> {
          saw(row);
          yield true;
        }
        case Attachment.Unknown _ -> look(dynamo.execute(calls.find(job.id())));
      };
    } catch (StoreUnavailableException e) {
      log.warn("job {}: its owner is not given up: {}", job.id(), e.getMessage());
      return true;
    }
  }

  private boolean look(Optional<Job> row) {
    // an eventually consistent read may be older than our claim
    if (row.isEmpty() || row.get().epoch() < job.epoch()) {
      return true;
    }
    var seen = row.get();
    if (seen.epoch() > job.epoch() || seen.status() != JobStatus.RUNNING) {
      log.info("job {}: no longer ours", job.id());
      return false;
    }
    // or than our last write, which raised the lease
    if (seen.leaseUntil() >= job.leaseUntil() && seen.seq() >= job.seq()) {
      saw(seen);
    }
    return true;
  }

  private void saw(Job image) {
    route = image.route();
    watch = Math.max(watch, image.marks().watch());
    cancel |= image.marks().cancel();
  }
}

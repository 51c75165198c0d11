package io.streamer.local.feed;

import io.streamer.shared.job.Job;
import io.streamer.shared.job.JobStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one job: its newest row, and what happened to it while this stage ran. Not safe
 * for use by several threads at once.
 */
final class SeenJob {
  private static final int MOST_MOMENTS = 100;
  private static final int MOST_FAILURES = 20;
  private static final int MOST_FRAMES = 100;
  private static final int MOST_SAMPLES = 200;

  /** How many of the first are kept where there are too many. */
  private static final int FIRST = 20;

  private final long retentionMs;
  private final List<Moment> moments = new ArrayList<>();
  private final List<SeenFailure> failures = new ArrayList<>();
  private final List<SeenFrame> frames = new ArrayList<>();
  private final List<Sample> samples = new ArrayList<>();
  private Job job;
  private long version;
  private int framesLeftOut;
  private @Nullable Long startedAt;
  private @Nullable Long firstProgressAt;
  private @Nullable Long endedAt;
  private @Nullable Long toldAt;

  /** How far it was when. */
  record Sample(long at, double percentage) {}

  /**
   * What was seen of its course. Times are epoch milliseconds; those before this stage are not
   * known.
   *
   * @param framesLeftOut how many of those in the middle are not kept
   */
  record Course(
      long acceptedAt,
      Optional<Long> startedAt,
      Optional<Long> firstProgressAt,
      Optional<Long> endedAt,
      Optional<Long> toldAt,
      List<Moment> moments,
      List<Sample> progress,
      List<SeenFailure> failures,
      List<SeenFrame> frames,
      int framesLeftOut) {}

  /** One that was stored before this stage began. */
  SeenJob(Job job, long version, long retentionMs) {
    this.job = job;
    this.version = version;
    this.retentionMs = retentionMs;
  }

  /** One that is stored now. */
  static SeenJob fresh(Job job, long version, long retentionMs, long now) {
    var seen = new SeenJob(job, version, retentionMs);
    seen.add(now, "accepted", job.terms().overran() ? "took longer than an answer may" : "");
    if (job.status() == JobStatus.RUNNING) {
      seen.started(now);
    }
    return seen;
  }

  Job job() {
    return job;
  }

  JobRow row() {
    return JobRow.of(job, version, Optional.ofNullable(startedAt), endedAt());
  }

  private Optional<Long> endedAt() {
    if (endedAt != null) {
      return Optional.of(endedAt);
    }
    return job.status().terminal() && job.expiresAt() > 0
        ? Optional.of(job.expiresAt() * 1_000 - retentionMs)
        : Optional.empty();
  }

  Course course() {
    return new Course(
        job.createdAt(),
        Optional.ofNullable(startedAt),
        Optional.ofNullable(firstProgressAt),
        endedAt(),
        Optional.ofNullable(toldAt),
        List.copyOf(moments),
        List.copyOf(samples),
        List.copyOf(failures),
        List.copyOf(frames),
        framesLeftOut);
  }

  /** A newer row; false if it is none. */
  boolean take(Job next, long newVersion, long now) {
    if (!next.run().equals(job.run()) || isOlder(next)) {
      return false;
    }
    var before = job;
    job = next;
    version = newVersion;
    boolean reported = next.percentage() != before.percentage();
    // a run's end may come in one row with its last report, which was before it
    if (reported && next.status() != JobStatus.RUNNING) {
      progressed(now, next.percentage());
    }
    if (next.status() != before.status()) {
      moved(before, next, now);
    }
    if (next.marks().cancel() && !before.marks().cancel() && !next.status().terminal()) {
      add(now, "asked to stop", "");
    }
    if (!next.marks().checkpoint().equals(before.marks().checkpoint())) {
      add(now, "checkpoint", "");
    }
    if (reported && next.status() == JobStatus.RUNNING) {
      progressed(now, next.percentage());
    }
    if (next.status().terminal() && next.marks().told() && !before.marks().told()) {
      add(now, "told to all", "");
    }
    return true;
  }

  private boolean isOlder(Job next) {
    return next.epoch() < job.epoch()
        || (next.epoch() == job.epoch() && job.status().terminal() && !next.status().terminal());
  }

  private void moved(Job before, Job next, long now) {
    switch (next.status()) {
      case WAITING -> add(now, "waits", "");
      case QUEUED ->
          add(
              now,
              before.status() == JobStatus.RUNNING && next.attempt() > before.attempt()
                  ? "lost its worker"
                  : "queued",
              before.status() == JobStatus.RUNNING && next.attempt() == before.attempt()
                  ? "goes on in another invocation"
                  : "");
      case RUNNING -> started(now);
      case RETRYING -> add(now, "failed", "is tried again");
      case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT -> {
        endedAt = now;
        add(now, next.status().wire().replace('_', ' '), "");
      }
    }
  }

  private void started(long now) {
    startedAt = startedAt == null ? now : startedAt;
    add(now, "started", "");
  }

  void failed(SeenFailure failure) {
    if (failures.size() == MOST_FAILURES) {
      failures.remove(1);
    }
    failures.add(failure);
  }

  /** Whether this attempt is known to have failed. */
  boolean hasFailed(int attempt) {
    return failures.stream().anyMatch(failure -> failure.attempt() == attempt);
  }

  void progressed(long at, double percentage) {
    if (firstProgressAt == null) {
      firstProgressAt = at;
      add(at, "first progress", "");
    }
    if (samples.size() == MOST_SAMPLES) {
      // every second one goes: the picture keeps its shape
      for (int i = samples.size() - 2; i > 0; i -= 2) {
        samples.remove(i);
      }
    }
    samples.add(new Sample(at, percentage));
  }

  void told(long at) {
    if (toldAt == null) {
      toldAt = at;
      add(at, "told", "");
    }
  }

  /** Keeps a frame; gives the characters that are kept more than before. */
  int add(SeenFrame frame) {
    int freed = 0;
    if (frames.size() == MOST_FRAMES) {
      freed = frames.remove(FIRST).text().length();
      framesLeftOut++;
    }
    frames.add(frame);
    return frame.text().length() - freed;
  }

  /** Forgets its frames; gives how many characters they had. */
  int forgetFrames() {
    int freed = frames.stream().mapToInt(frame -> frame.text().length()).sum();
    framesLeftOut += frames.size();
    frames.clear();
    return freed;
  }

  private void add(long at, String what, String detail) {
    if (moments.size() == MOST_MOMENTS) {
      moments.remove(FIRST);
    }
    moments.add(new Moment(at, what, job.attempt(), detail));
  }
}

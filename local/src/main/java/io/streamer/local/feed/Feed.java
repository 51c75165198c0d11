package io.streamer.local.feed;

import io.streamer.shared.job.Job;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The jobs of a stage as they were seen. Holds the newest 10,000, and 32 million characters of
 * their frames: the oldest go first. Safe for many threads; none waits here for a watcher.
 */
public final class Feed {
  static final int MOST_JOBS = 10_000;
  private static final int MOST_FRAME_CHARS = 32_000_000;

  private final InstantSource clock;
  private final long retentionMs;
  private final List<Consumer<String>> watchers = new CopyOnWriteArrayList<>();

  // all under this object's lock; in the order in which they were accepted
  private final LinkedHashMap<String, SeenJob> jobs = new LinkedHashMap<>();
  private final LinkedHashSet<String> framed = new LinkedHashSet<>();
  private long frameChars;
  private long changes;
  private boolean loading = true;

  /**
   * Which jobs are meant.
   *
   * @param state as a row has it, or {@code active}, {@code ended} or {@code dead}
   * @param text that stands in one of its words
   */
  record Wanted(Optional<String> state, Optional<String> action, Optional<String> text, int limit) {
    boolean isMet(JobRow row) {
      return state.map(it -> isIn(row, it)).orElse(true)
          && action.map(row.action()::equals).orElse(true)
          && text.map(row::has).orElse(true);
    }

    private static boolean isIn(JobRow row, String state) {
      return switch (state) {
        case "active" -> row.endedAt().isEmpty();
        case "ended" -> row.endedAt().isPresent();
        case "dead" -> row.dead();
        default -> row.status().equals(state);
      };
    }
  }

  /**
   * Some rows, the newest job first.
   *
   * @param more whether others are meant, too
   * @param loading whether jobs of an earlier stage are still being read
   */
  record Rows(List<JobRow> jobs, boolean more, boolean loading) {}

  /** A job and its course. */
  record Whole(Job job, JobRow row, SeenJob.Course course) {}

  /**
   * An empty one.
   *
   * @param clock by which what is seen is timed
   * @param retention how long jobs are kept behind their end
   */
  public Feed(InstantSource clock, Duration retention) {
    this.clock = clock;
    this.retentionMs = retention.toMillis();
  }

  /** Calls this with the id of each job that changes, on any thread; it must not block. */
  Runnable watch(Consumer<String> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** Whether anybody is told what changes. */
  public boolean isWatched() {
    return !watchers.isEmpty();
  }

  /** A row was written. */
  public void stored(Job job) {
    var id = job.id().value();
    synchronized (this) {
      var seen = jobs.get(id);
      changes++;
      if (seen == null || !seen.job().run().equals(job.run())) {
        // an id used again is another job
        forget(id);
        jobs.put(id, SeenJob.fresh(job, changes, retentionMs, clock.millis()));
        shrink();
      } else if (!seen.take(job, changes, clock.millis())) {
        return;
      }
    }
    tell(id);
  }

  /** Jobs of an earlier stage; those seen since are newer. The last call of all. */
  public void loaded(List<Job> earlier) {
    var newestFirst = Comparator.comparingLong(Job::createdAt).reversed();
    synchronized (this) {
      earlier.stream()
          .sorted(newestFirst)
          .limit(MOST_JOBS - Math.min(MOST_JOBS, jobs.size()))
          .filter(job -> !jobs.containsKey(job.id().value()))
          .forEach(
              job -> jobs.putFirst(job.id().value(), new SeenJob(job, ++changes, retentionMs)));
      loading = false;
    }
  }

  /** An attempt failed. */
  public void failed(String id, int attempt, String what, Optional<Throwable> thrown) {
    var failure = SeenFailure.of(clock.millis(), attempt, what, thrown);
    see(id, seen -> seen.failed(failure));
  }

  /** A job's frame went over the wire. */
  void passed(String id, FrameHead head, SeenFrame frame) {
    see(
        id,
        seen -> {
          // behind an attempt that failed, what is told of it is no progress
          if (frame.type().equals("progress") && head.attempt().filter(seen::hasFailed).isEmpty()) {
            head.percentage().ifPresent(it -> seen.progressed(frame.at(), it));
          } else if (!frame.fromClient()
              && (frame.type().equals("complete") || frame.type().equals("error"))) {
            seen.told(frame.at());
          }
          keep(id, seen, frame);
        });
  }

  private void keep(String id, SeenJob seen, SeenFrame frame) {
    framed.add(id);
    frameChars += seen.add(frame);
    while (frameChars > MOST_FRAME_CHARS && framed.size() > 1) {
      var oldest = jobs.get(framed.removeFirst());
      frameChars -= oldest == null ? 0 : oldest.forgetFrames();
    }
  }

  private void see(String id, Consumer<SeenJob> how) {
    synchronized (this) {
      var seen = jobs.get(id);
      if (seen == null) {
        return;
      }
      how.accept(seen);
    }
    tell(id);
  }

  private void shrink() {
    while (jobs.size() > MOST_JOBS) {
      forget(jobs.sequencedKeySet().getFirst());
    }
  }

  private void forget(String id) {
    var gone = jobs.remove(id);
    if (gone != null && framed.remove(id)) {
      frameChars -= gone.forgetFrames();
    }
  }

  private void tell(String id) {
    watchers.forEach(watcher -> watcher.accept(id));
  }

  /** Those that are meant. */
  synchronized Rows rows(Wanted wanted) {
    var found = new ArrayList<JobRow>();
    for (var seen : jobs.sequencedValues().reversed()) {
      var row = seen.row();
      if (wanted.isMet(row)) {
        if (found.size() == wanted.limit()) {
          return new Rows(found, true, loading);
        }
        found.add(row);
      }
    }
    return new Rows(found, false, loading);
  }

  /** The rows of these jobs, as far as they are here. */
  synchronized List<JobRow> rows(List<String> ids) {
    return ids.stream()
        .flatMap(id -> Optional.ofNullable(jobs.get(id)).map(SeenJob::row).stream())
        .toList();
  }

  synchronized Optional<Whole> find(String id) {
    return Optional.ofNullable(jobs.get(id))
        .map(seen -> new Whole(seen.job(), seen.row(), seen.course()));
  }
}

package io.streamer.gateway.job;

import io.streamer.shared.job.Job;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What was due in a task's parts when it last looked. One writes, all may read. */
public final class Backlog {
  private final Map<Integer, Look> parts = new ConcurrentHashMap<>();

  /** A look at one part, page by page. */
  static final class Look {
    private int jobs;
    private long oldest = Long.MAX_VALUE;

    /** These are due, too. */
    void add(List<Job> due) {
      jobs += due.size();
      for (var job : due) {
        oldest = Math.min(oldest, job.dueAt().orElse(Long.MAX_VALUE));
      }
    }
  }

  /** A look is over: it counts until the part's next one is. */
  void looked(int part, Look look) {
    parts.put(part, look);
  }

  /** These alone are still this task's. */
  void keep(Set<Integer> ours) {
    parts.keySet().retainAll(ours);
  }

  /** Jobs that were due. */
  public int jobs() {
    return parts.values().stream().mapToInt(look -> look.jobs).sum();
  }

  /** For how long the oldest has been due, in seconds; 0 if none was. */
  public double age(long nowMs) {
    long oldest =
        parts.values().stream().mapToLong(look -> look.oldest).min().orElse(Long.MAX_VALUE);
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, nowMs - oldest) / 1_000.0;
  }
}

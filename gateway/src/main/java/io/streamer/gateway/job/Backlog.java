package io.streamer.gateway.job;

import io.streamer.shared.job.Job;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What was due in a task's parts when it last looked. One writes, all may read. */
public final class Backlog {
  private record Found(int jobs, long oldest) {
    private static final Found NONE = new Found(0, Long.MAX_VALUE);
  }

  private final Map<Integer, Found> parts = new ConcurrentHashMap<>();

  /** A part is looked at anew. */
  void begin(int part) {
    parts.put(part, Found.NONE);
  }

  /** A part has these, too. */
  void add(int part, List<Job> due) {
    long oldest =
        due.stream()
            .mapToLong(job -> job.dueAt().orElse(Long.MAX_VALUE))
            .min()
            .orElse(Long.MAX_VALUE);
    parts.merge(
        part,
        new Found(due.size(), oldest),
        (a, b) -> new Found(a.jobs() + b.jobs(), Math.min(a.oldest(), b.oldest())));
  }

  /** These alone are still this task's. */
  void keep(Set<Integer> ours) {
    parts.keySet().retainAll(ours);
  }

  /** Jobs that were due. */
  public int jobs() {
    return parts.values().stream().mapToInt(Found::jobs).sum();
  }

  /** For how long the oldest has been due, in seconds; 0 if none was. */
  public double age(long nowMs) {
    long oldest = parts.values().stream().mapToLong(Found::oldest).min().orElse(Long.MAX_VALUE);
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, nowMs - oldest) / 1_000.0;
  }
}

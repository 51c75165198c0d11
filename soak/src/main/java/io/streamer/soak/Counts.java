package io.streamer.soak;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the live line tells. */
final class Counts {
  final AtomicLong sent = new AtomicLong();
  final AtomicLong accepted = new AtomicLong();
  final AtomicLong ended = new AtomicLong();

  /** What was seen to end, and how often. */
  final Map<String, Long> kinds = new ConcurrentSkipListMap<>();

  /** Watchers that stopped reading and were closed. */
  final AtomicLong closed = new AtomicLong();

  final AtomicLong frames = new AtomicLong();
  final AtomicLong cuts = new AtomicLong();
  final AtomicLong resumed = new AtomicLong();

  void ended(Followed job) {
    if (job.side() == Followed.Side.REQUESTER) {
      ended.incrementAndGet();
    }
    kinds.merge(job.what(), 1L, Long::sum);
  }
}

package io.streamer.soak.bench.load;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * How long jobs take: to be accepted, from the moment at which each was to be sent, and from then
 * on to their first progress and to their result. Not thread-safe.
 */
final class JobTimes implements FollowedJobs {
  private final Latencies accepted = new Latencies();
  private final Latencies progress = new Latencies();
  private final Latencies result = new Latencies();
  private final Map<Integer, Job> running = new HashMap<>();
  private long refused;

  /** One that was accepted and has not ended. */
  private static final class Job {
    private final long acceptedAt;
    private boolean moved;

    Job(long acceptedAt) {
      this.acceptedAt = acceptedAt;
    }
  }

  @Override
  public boolean take(int id, long dueAt, long now, byte[] bytes, int from, int to) {
    if (Reply.ACKNOWLEDGMENT.is(bytes, from, to)) {
      accepted.add(now - dueAt);
      running.put(id, new Job(now));
      return false;
    }
    if (Reply.PROGRESS.is(bytes, from, to)) {
      var job = running.get(id);
      if (job != null && !job.moved) {
        job.moved = true;
        progress.add(now - job.acceptedAt);
      }
      return false;
    }
    var job = running.remove(id);
    if (job != null && Reply.COMPLETE.is(bytes, from, to)) {
      result.add(now - job.acceptedAt);
    } else {
      refused++;
    }
    return true;
  }

  @Override
  public int running() {
    return running.size();
  }

  /** Forgets what was; of jobs that run, what is yet to come counts. */
  void clear() {
    accepted.clear();
    progress.clear();
    result.clear();
    refused = 0;
  }

  /** Medians and 99th percentiles, in milliseconds. */
  JsonObject said() {
    var said = new JsonObject().put("jobs", (double) result.count());
    put(said, "accepted", accepted);
    put(said, "progress", progress);
    put(said, "result", result);
    return said.put("refused", (double) refused);
  }

  private static void put(JsonObject said, String name, Latencies of) {
    said.put(name + "_p50_ms", of.micros(0.5) / 1e3).put(name + "_p99_ms", of.micros(0.99) / 1e3);
  }
}

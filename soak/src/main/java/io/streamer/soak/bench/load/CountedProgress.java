package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Jobs that count: whether their frames come in order, the last number among them, and how old the
 * numbers are when they come. Not thread-safe.
 */
final class CountedProgress implements FollowedJobs {
  private static final byte[] SEQ = "\"seq\":".getBytes(US_ASCII);
  private static final byte[] MESSAGE = "\"message\":\"".getBytes(US_ASCII);

  private final int last;
  private final InstantSource clock;
  private final Map<Integer, Job> running = new HashMap<>();
  private final Latencies ages = new Latencies();
  private long frames;
  private long disordered;
  private long ended;
  private long missed;
  private long refused;

  /** What came of one that was accepted and has not ended. */
  private static final class Job {
    private long seq;
    private long number;
  }

  /**
   * None yet.
   *
   * @param last the number to which they count
   * @param clock by which the jobs tell when they came to a number
   */
  CountedProgress(int last, InstantSource clock) {
    this.last = last;
    this.clock = clock;
  }

  @Override
  public boolean take(int id, long dueAt, long now, byte[] bytes, int from, int to) {
    if (Reply.ACKNOWLEDGMENT.is(bytes, from, to)) {
      running.put(id, new Job());
      return false;
    }
    if (Reply.PROGRESS.is(bytes, from, to)) {
      var job = running.get(id);
      if (job != null) {
        progress(job, bytes, from, to);
      }
      return false;
    }
    var job = running.remove(id);
    if (job == null || !Reply.COMPLETE.is(bytes, from, to)) {
      refused++;
      return true;
    }
    ended++;
    if (number(SEQ, bytes, from, to) <= job.seq) {
      disordered++;
    }
    if (job.number != last) {
      missed++;
    }
    return true;
  }

  @Override
  public int running() {
    return running.size();
  }

  private void progress(Job job, byte[] bytes, int from, int to) {
    long seq = number(SEQ, bytes, from, to);
    int message = behind(MESSAGE, bytes, from, to);
    long number = message < 0 ? -1 : number(bytes, message, to);
    if (number < 0) {
      // the runtime's own 100 % has no number
      return;
    }
    frames++;
    if (seq <= job.seq || number < job.number) {
      disordered++;
    }
    job.seq = seq;
    job.number = number;
    while (bytes[message] != '@') {
      message++;
    }
    long cameAt = number(bytes, message + 1, to);
    ages.add(TimeUnit.MILLISECONDS.toNanos(clock.millis() - cameAt));
  }

  private static long number(byte[] name, byte[] bytes, int from, int to) {
    int at = behind(name, bytes, from, to);
    return at < 0 ? -1 : number(bytes, at, to);
  }

  /** The digits from there on; negative if there are none. */
  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    int at = from;
    for (; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
      number = number * 10 + bytes[at] - '0';
    }
    return at == from ? -1 : number;
  }

  private static int behind(byte[] name, byte[] bytes, int from, int to) {
    search:
    for (int at = from; at <= to - name.length; at++) {
      for (int i = 0; i < name.length; i++) {
        if (bytes[at + i] != name[i]) {
          continue search;
        }
      }
      return at + name.length;
    }
    return -1;
  }

  /** Frames with a number so far. */
  long frames() {
    return frames;
  }

  /** What came of those that ended. */
  JsonObject said() {
    return new JsonObject()
        .put("jobs", (double) ended)
        .put("frames", (double) frames)
        .put("age_p50_ms", ages.micros(0.5) / 1e3)
        .put("age_p99_ms", ages.micros(0.99) / 1e3)
        .put("disordered", (double) disordered)
        .put("missed", (double) missed)
        .put("refused", (double) refused);
  }
}

package io.streamer.soak.bench;

import io.streamer.soak.bench.load.ProcessUsage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** What a JVM's process holds, looked at again and again while it works. */
final class Growth {
  private static final double NANOS_A_MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final int KB = 1_024;

  private final List<Sample> samples = new ArrayList<>();

  /**
   * One look.
   *
   * @param atNanos on a clock that all of them share
   * @param heap bytes of live objects behind a full collection
   * @param threads of the process
   * @param files that it has open
   */
  record Sample(long atNanos, long heap, long threads, long files) {}

  /** Looks at a process so often, at even times; returns when it has looked for the last time. */
  static Growth of(long pid, int looks, long ms) throws IOException, InterruptedException {
    var growth = new Growth();
    // the first look makes a thread that listens for it
    ProcessUsage.live(pid);
    long begun = System.nanoTime();
    for (int i = 1; i <= looks; i++) {
      long left = begun + TimeUnit.MILLISECONDS.toNanos(ms * i / looks) - System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(left);
      long heap = ProcessUsage.live(pid);
      growth.add(
          new Sample(System.nanoTime(), heap, ProcessUsage.threads(pid), ProcessUsage.files(pid)));
    }
    return growth;
  }

  void add(Sample sample) {
    samples.add(sample);
  }

  /**
   * First and last of each, and by how much the heap grows a minute: in all, and in the 2nd half.
   */
  JsonObject said() {
    var said =
        new JsonObject()
            .put("heap_kb_per_minute", slope(samples))
            .put(
                "late_heap_kb_per_minute",
                slope(samples.subList(samples.size() / 2, samples.size())));
    ends(said, "heap_bytes", Sample::heap);
    ends(said, "threads", Sample::threads);
    ends(said, "files", Sample::files);
    return said;
  }

  private void ends(JsonObject said, String name, ToLongFunction<Sample> of) {
    said.put("first_" + name, (double) of.applyAsLong(samples.getFirst()))
        .put("last_" + name, (double) of.applyAsLong(samples.getLast()));
  }

  /** Of the line with the least squares to the heap's samples; 0 of a single one. */
  private static double slope(List<Sample> some) {
    double meanAt = some.stream().mapToLong(Sample::atNanos).average().orElseThrow();
    double mean = some.stream().mapToLong(Sample::heap).average().orElseThrow();
    double together = 0;
    double alone = 0;
    for (var one : some) {
      double minutes = (one.atNanos() - meanAt) / NANOS_A_MINUTE;
      together += minutes * (one.heap() - mean) / KB;
      alone += minutes * minutes;
    }
    return alone == 0 ? 0 : together / alone;
  }
}

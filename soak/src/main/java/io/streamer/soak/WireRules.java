package io.streamer.soak;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the direct door promises of one connection: a job's numbers rise strictly, behind the answer
 * that announces it, and its end comes once.
 */
final class WireRules {
  private final Consumer<String> broken;
  private final Map<String, Long> seqs = new HashMap<>();
  private final Map<String, String> ended = new HashMap<>();

  WireRules(Consumer<String> broken) {
    this.broken = broken;
  }

  /** The job's frames may come from here on. */
  void announced(String jobId) {
    seqs.putIfAbsent(jobId, 0L);
  }

  void numbered(JsonObject frame) {
    var job = frame.getString("job_id");
    long seq = frame.getLong("seq");
    var before = seqs.get(job);
    if (before == null) {
      broken.accept("before the answer that announces its job: " + frame);
    } else if (seq <= before) {
      broken.accept("seq " + seq + " behind " + before + ": " + frame);
    }
    seqs.put(job, seq);
    var type = frame.getString("type");
    if (ended.containsKey(job)) {
      broken.accept("behind its job's end: " + frame);
    }
    if (type.equals("complete") || type.equals("error")) {
      ended.put(job, type);
    }
  }
}

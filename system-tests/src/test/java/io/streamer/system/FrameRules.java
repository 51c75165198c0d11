package io.streamer.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What holds for every frame on every connection: the schemas, and the promises on the order of a
 * job's frames. The direct door keeps them on the wire, another one behind {@link ClientRules}.
 */
final class FrameRules {
  private final Map<String, Job> jobs = new HashMap<>();

  private static final class Job {
    /** Known from the start, so that every frame of it came here. */
    boolean whole;

    long seq;
    int attempt;
    double percentage;
    boolean hundred;

    /** An answer said so: its snapshot stands for the 100. */
    boolean succeeded;

    boolean ended;
  }

  /** What the next frame of a connection breaks. */
  List<String> check(Frame frame) {
    var broken = new ArrayList<>(Contract.violations(frame.text()));
    if (!broken.isEmpty()) {
      return broken;
    }
    for (var jobId : frame.announces()) {
      var job = jobs.computeIfAbsent(jobId, _ -> new Job());
      if (frame.is("acknowledgment")) {
        job.whole |= !frame.status().equals("duplicate");
        var snapshot = frame.json().getJsonObject("snapshot");
        job.succeeded |= snapshot != null && "succeeded".equals(snapshot.getString("status"));
      }
    }
    if (frame.isNumbered()) {
      numbered(frame, broken);
    }
    return broken;
  }

  private void numbered(Frame frame, List<String> broken) {
    var job = jobs.get(frame.jobId());
    if (job == null) {
      broken.add("a numbered frame before the answer that announces its job");
      return;
    }
    if (job.ended) {
      broken.add("a frame after its job's end");
    }
    if (frame.seq() <= job.seq) {
      broken.add("seq does not rise above " + job.seq);
    }
    job.seq = frame.seq();
    if (frame.is("progress")) {
      progress(frame, job, broken);
      return;
    }
    if (!frame.isTerminal()) {
      return;
    }
    job.ended = true;
    if (frame.is("error") && job.hundred) {
      broken.add("a failed job said 100");
    }
    if (frame.is("complete") && job.whole && !job.hundred && !job.succeeded) {
      broken.add("complete without a 100 before it");
    }
  }

  private static void progress(Frame frame, Job job, List<String> broken) {
    int attempt = frame.json().getInteger("attempt");
    if (attempt == job.attempt && frame.percentage() < job.percentage) {
      broken.add("percentage falls below " + job.percentage);
    }
    if (job.hundred) {
      broken.add("progress after 100");
    }
    job.attempt = attempt;
    job.percentage = frame.percentage();
    job.hundred = frame.percentage() == 100;
  }
}

package io.streamer.worker.run;

import static java.util.Objects.requireNonNull;

import io.streamer.shared.job.Job;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.signal.MetricLine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A line for each run: metrics for CloudWatch, and fields to search the log by. A function has no
 * time of its own in which it could send them.
 */
public final class RunSignals {
  /** The objective's: so soon an owner is to be told of a job's end. */
  private static final long IN_TIME_MS = 5_000;

  private static final String SERVICE = "Service";

  private final Optional<String> namespace;
  private final Consumer<String> lines;

  /**
   * Lines for a namespace; none without one.
   *
   * @param lines takes each, which has to reach the log as it is
   */
  public RunSignals(Optional<String> namespace, Consumer<String> lines) {
    this.namespace = namespace;
    this.lines = lines;
  }

  /**
   * A run is over for this invocation.
   *
   * @param claimed the job as it was claimed
   * @param begun when; epoch ms
   * @param job the job as this run left it
   * @param progress when its first progress was sent, if any was; epoch ms
   * @param told how its owner was told of its end
   * @param now epoch ms
   */
  void ran(Job claimed, long begun, Job job, OptionalLong progress, Told told, long now) {
    if (namespace.isEmpty()) {
      return;
    }
    var values = new LinkedHashMap<Metric, Long>();
    values.put(Metric.RUNS, 1L);
    // later runs began when their turn came, however long that was in coming
    boolean first = claimed.epoch() == 1;
    if (first) {
      values.put(Metric.JOB_START, Math.max(0, begun - claimed.createdAt()));
      progress.ifPresent(
          at -> values.put(Metric.JOB_FIRST_PROGRESS, Math.max(0, at - claimed.createdAt())));
    }
    var labels = new LinkedHashMap<String, String>();
    labels.put(Metric.RUNS.label(), outcome(claimed, job));
    if (job.status().terminal()) {
      values.put(Metric.JOB_TIME, Math.max(0, now - claimed.createdAt()));
      values.put(Metric.JOBS_ENDED, 1L);
      labels.put(Metric.JOBS_ENDED.label(), status(job));
    }
    told.ms().ifPresent(ms -> values.put(Metric.JOB_TOLD, ms));
    if (told.there() || told.ms().isPresent()) {
      values.put(Metric.JOBS_TOLD, 1L);
      labels.put(Metric.JOBS_TOLD.label(), inTime(told) ? "in_time" : "late");
    }
    lines.accept(line(claimed, values, labels, now));
  }

  private static boolean inTime(Told told) {
    return told.ms().isPresent() && told.ms().getAsLong() <= IN_TIME_MS;
  }

  private static String outcome(Job claimed, Job job) {
    return switch (job.status()) {
      case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT -> "ended";
      case RETRYING, WAITING -> "retried";
      case QUEUED -> job.attempt() == claimed.attempt() ? "continued" : "retried";
      // its lease was lost, or the store was
      case RUNNING -> "left";
    };
  }

  private static String status(Job job) {
    return switch (job.status()) {
      case SUCCEEDED -> "succeeded";
      case CANCELLED -> "cancelled";
      case FAILED, TIMED_OUT, WAITING, QUEUED, RUNNING, RETRYING -> "failed";
    };
  }

  private String line(Job claimed, Map<Metric, Long> values, Map<String, String> labels, long now) {
    var line = new MetricLine(namespace.orElseThrow(), now);
    values.forEach((metric, value) ->
        line.metric(metric.title(), unit(metric), value, dimensions(metric, labels)));
    return line.field("action", claimed.action())
        .field("tenant", claimed.caller().tenant())
        .field("job_id", claimed.id().value())
        .field("attempt", claimed.attempt())
        .text();
  }

  private static Map<String, String> dimensions(Metric metric, Map<String, String> labels) {
    var label = metric.label();
    return label.isEmpty()
        ? Map.of(SERVICE, "worker")
        : Map.of(SERVICE, "worker", label, requireNonNull(labels.get(label)));
  }

  private static String unit(Metric metric) {
    return metric.unit().equals("milliseconds") ? "Milliseconds" : "Count";
  }
}

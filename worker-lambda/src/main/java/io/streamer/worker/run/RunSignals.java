package io.streamer.worker.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.streamer.shared.job.Job;
import io.streamer.shared.signal.Metric;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A line for each run in CloudWatch's embedded metric format (its user guide, "Specification:
 * Embedded metric format"): metrics for CloudWatch, and fields to search the log by. A function has
 * no time of its own in which it could send them.
 */
public final class RunSignals {
  private static final JsonFactory JSON = new JsonFactory();

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
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("_aws");
      json.writeNumberField("Timestamp", now);
      json.writeArrayFieldStart("CloudWatchMetrics");
      for (var metric : values.keySet()) {
        directive(json, metric);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeStringField(SERVICE, "worker");
      json.writeStringField("action", claimed.action());
      json.writeStringField("tenant", claimed.caller().tenant());
      json.writeStringField("job_id", claimed.id().value());
      json.writeNumberField("attempt", claimed.attempt());
      for (var label : labels.entrySet()) {
        json.writeStringField(label.getKey(), label.getValue());
      }
      for (var value : values.entrySet()) {
        json.writeNumberField(value.getKey().title(), value.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void directive(JsonGenerator json, Metric metric) throws IOException {
    json.writeStartObject();
    json.writeStringField("Namespace", namespace.orElseThrow());
    json.writeArrayFieldStart("Dimensions");
    json.writeStartArray();
    json.writeString(SERVICE);
    if (!metric.label().isEmpty()) {
      json.writeString(metric.label());
    }
    json.writeEndArray();
    json.writeEndArray();
    json.writeArrayFieldStart("Metrics");
    json.writeStartObject();
    json.writeStringField("Name", metric.title());
    json.writeStringField("Unit", unit(metric));
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String unit(Metric metric) {
    return metric.unit().equals("milliseconds") ? "Milliseconds" : "Count";
  }
}

package io.streamer.cli.cost;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A month, as a file of JSON says: numbers by {@link Field}, all of which may be left out.
 *
 * @param values by field
 */
public record Workload(Map<Field, Double> values) {
  private static final double MOST = 1e15;

  /** What a workload may say. */
  public enum Field {
    DIRECT_SHARE("direct_share", 0, 1, "how much of it is at the direct door, 0 to 1"),
    HOURS("hours", 730, "of the month"),
    CONNECTIONS("connections", 0, "open on average"),
    CONNECTION_HOURS("connection_hours", 2, "that one is open"),
    BUSY_SHARE("busy_share", 0.1, 1, "of a direct connection's minutes with frames, 0 to 1"),
    REQUESTS("requests", 0, "answered on the spot, in the month"),
    REQUEST_KB("request_kb", 1, "of one"),
    ANSWER_KB("answer_kb", 1, "of its answer"),
    JOBS("jobs", 0, "in the month"),
    JOB_SECONDS("job_seconds", 2, "that a worker has one"),
    JOB_MEMORY_MB("job_memory_mb", 512, "of the job function"),
    JOB_PROGRESS("job_progress", 10, "frames of progress that one sends"),
    PAYLOAD_KB("payload_kb", 0.2, 128, "of one's payload as JSON, up to 128"),
    RESULT_KB("result_kb", 0.3, 64 * 1024, "of one's result as JSON, up to 65536"),
    RESULT_INLINE_KB(
        "result_inline_kb",
        JobUse.MOST_INLINE_KB,
        JobUse.MOST_INLINE_KB,
        "up to which a result is in the tables (`STREAMER_INLINE_RESULT_BYTES`), up to 100; a"
            + " larger one lies in the bucket"),
    JOB_EVENTS("job_events", 0, "that one emits, which are stored before they are sent"),
    EVENT_KB("event_kb", 0.3, 64, "of one event as JSON, up to 64"),
    JOB_CHECKPOINTS("job_checkpoints", 0, "that one stores"),
    CHECKPOINT_KB("checkpoint_kb", 1, 256, "of one checkpoint as JSON, up to 256"),
    JOB_LOG_KB("job_log_kb", 2, "that one writes"),
    JOB_RETENTION_DAYS("job_retention_days", 7, "that one is kept after its end"),
    FILE_RETENTION_DAYS("file_retention_days", 8, "that a result in the bucket is kept"),
    BROADCASTS("broadcasts", 0, "in the month"),
    BROADCAST_KB("broadcast_kb", 1, "of one"),
    RECIPIENTS("recipients", 1_000, "of one broadcast"),
    TASKS("tasks", 2, "of the gateway"),
    TASK_VCPU("task_vcpu", 0.5, "of a task"),
    TASK_GB("task_gb", 1, "of a task"),
    NATS("nats", 1, "0 without the door through API Gateway"),
    PUBLIC_ADDRESSES("public_addresses", 2, "of the public load balancer, one for each zone"),
    BALANCERS("balancers", 2, "one without the door through API Gateway");

    private final String title;
    private final double fallback;
    private final double most;
    private final String meaning;

    Field(String title, double fallback, String meaning) {
      this(title, fallback, MOST, meaning);
    }

    /** A size has the bound that the running code has for it. */
    Field(String title, double fallback, double most, String meaning) {
      this.title = title;
      this.fallback = fallback;
      this.most = most;
      this.meaning = meaning;
    }

    /** As it stands in the file. */
    public String title() {
      return title;
    }

    /** What counts where the file does not say. */
    public double fallback() {
      return fallback;
    }

    public String meaning() {
      return meaning;
    }
  }

  public Workload {
    values = Map.copyOf(values);
  }

  /**
   * Reads a file.
   *
   * @throws CostException if it is no such object, or a number is none or out of range
   */
  public static Workload read(Path file) {
    try {
      return of(new JsonObject(Files.readString(file)));
    } catch (IOException e) {
      throw new CostException("the workload " + file + " cannot be read: " + e.getMessage());
    } catch (DecodeException e) {
      throw new CostException("the workload " + file + " is no JSON object");
    }
  }

  /**
   * What an object says.
   *
   * @throws CostException if a name is unknown, or a number is none or out of range
   */
  public static Workload of(JsonObject json) {
    var values = new TreeMap<Field, Double>();
    for (var name : json.fieldNames()) {
      var field =
          Arrays.stream(Field.values())
              .filter(it -> it.title.equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new CostException(
                      "a workload has no " + name + "; it has " + Arrays.toString(titles())));
      double most = field.most;
      if (!(json.getValue(name) instanceof Number number)
          || !(number.doubleValue() >= 0 && number.doubleValue() <= most)) {
        var to = most == MOST ? "" : " to " + Math.round(most);
        throw new CostException(name + " is a number from 0" + to + ": " + field.meaning);
      }
      values.put(field, number.doubleValue());
    }
    return new Workload(values);
  }

  private static String[] titles() {
    return Arrays.stream(Field.values()).map(Field::title).toArray(String[]::new);
  }

  double get(Field field) {
    return values.getOrDefault(field, field.fallback);
  }
}

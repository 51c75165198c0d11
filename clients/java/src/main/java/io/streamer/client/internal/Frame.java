package io.streamer.client.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame of the server. Unknown types and fields are let pass, and a field that is not of its type
 * counts as absent.
 *
 * @param json an object
 */
public record Frame(JsonNode json) {
  private static final long EPOCH = 1_000_000_000;

  /** The jobs' epoch in a number: a worker that lost its job has a lower one than its successor. */
  public static long epoch(long seq) {
    return seq / EPOCH;
  }

  /** Empty if there is none. */
  public String type() {
    return json.path("type").asText();
  }

  public boolean is(String type) {
    return type().equals(type);
  }

  public @Nullable String requestId() {
    return text("request_id");
  }

  public @Nullable String jobId() {
    return text("job_id");
  }

  /** Whether it is a numbered one of a job. */
  public boolean numbered() {
    return jobId() != null && json.path("seq").isNumber();
  }

  public long seq() {
    return json.path("seq").asLong();
  }

  public long afterSeq() {
    return json.path("after_seq").asLong();
  }

  public JsonNode data() {
    return json.path("data");
  }

  public Problem error() {
    return Problem.of(json.path("error"));
  }

  public JsonNode snapshot() {
    return json.path("snapshot");
  }

  /** Milliseconds, bytes, or what is to be taken where there are none. */
  public long millis(String name, long otherwise) {
    var value = json.path(name);
    return value.isNumber() ? Math.max(0, value.asLong()) : otherwise;
  }

  public List<Attached> jobs() {
    var all = new ArrayList<Attached>();
    json.path("jobs").forEach(one -> all.add(new Attached(one)));
    return all;
  }

  private @Nullable String text(String name) {
    var value = json.get(name);
    return value != null && value.isTextual() ? value.asText() : null;
  }

  /** How a job stands and what was missed of it. */
  public record Attached(JsonNode json) {
    public JsonNode snapshot() {
      return json.path("snapshot");
    }

    public List<Frame> events() {
      var all = new ArrayList<Frame>();
      json.path("events").forEach(one -> all.add(new Frame(one)));
      return all;
    }

    /** Whether there are more events than the answer holds. */
    public boolean hasMore() {
      return json.path("next").isNumber();
    }

    public long next() {
      return json.path("next").asLong();
    }
  }
}

package io.streamer.client;

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
record Frame(JsonNode json) {
  private static final long EPOCH = 1_000_000_000;

  /** The jobs' epoch in a number: a worker that lost its job has a lower one than its successor. */
  static long epoch(long seq) {
    return seq / EPOCH;
  }

  /** Empty if there is none. */
  String type() {
    return json.path("type").asText();
  }

  boolean is(String type) {
    return type().equals(type);
  }

  @Nullable String requestId() {
    return text("request_id");
  }

  @Nullable String jobId() {
    return text("job_id");
  }

  /** Whether it is a numbered one of a job. */
  boolean numbered() {
    return jobId() != null && json.path("seq").isNumber();
  }

  long seq() {
    return json.path("seq").asLong();
  }

  long afterSeq() {
    return json.path("after_seq").asLong();
  }

  JsonNode data() {
    return json.path("data");
  }

  Problem error() {
    return Problem.of(json.path("error"));
  }

  JobSnapshot snapshot() {
    return new JobSnapshot(json.path("snapshot"));
  }

  /** Milliseconds, bytes, or what is to be taken where there are none. */
  long millis(String name, long otherwise) {
    var value = json.path(name);
    return value.isNumber() ? Math.max(0, value.asLong()) : otherwise;
  }

  List<Attached> jobs() {
    var all = new ArrayList<Attached>();
    json.path("jobs").forEach(one -> all.add(new Attached(one)));
    return all;
  }

  private @Nullable String text(String name) {
    var value = json.get(name);
    return value != null && value.isTextual() ? value.asText() : null;
  }

  /** How a job stands and what was missed of it. */
  record Attached(JsonNode json) {
    JobSnapshot snapshot() {
      return new JobSnapshot(json.path("snapshot"));
    }

    List<Frame> events() {
      var all = new ArrayList<Frame>();
      json.path("events").forEach(one -> all.add(new Frame(one)));
      return all;
    }

    /** Whether there are more events than the answer holds. */
    boolean hasMore() {
      return json.path("next").isNumber();
    }

    long next() {
      return json.path("next").asLong();
    }
  }
}

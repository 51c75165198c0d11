package io.streamer.system;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** A frame as a client got it: its text to the letter, and its fields. */
record Frame(String text, JsonObject json) {

  static Frame of(String text) {
    return new Frame(text, new JsonObject(text));
  }

  String type() {
    return json.getString("type");
  }

  boolean is(String type) {
    return type.equals(type());
  }

  String requestId() {
    return json.getString("request_id");
  }

  String jobId() {
    return json.getString("job_id");
  }

  long seq() {
    return json.getLong("seq");
  }

  /** Whether the frame is one of a job's numbered ones. */
  boolean isNumbered() {
    return json.containsKey("job_id") && json.containsKey("seq");
  }

  /** Whether the frame ends a job. */
  boolean isTerminal() {
    return isNumbered() && (is("complete") || is("error"));
  }

  double percentage() {
    return json.getDouble("percentage");
  }

  JsonObject data() {
    return json.getJsonObject("data");
  }

  /** How the job stood when this answer was made. */
  JsonObject snapshot() {
    return (is("response") ? data() : json).getJsonObject("snapshot");
  }

  /** What was missed of the job, in the answer to a subscribe. */
  List<Frame> events() {
    return data().getJsonArray("events").stream()
        .map(event -> Frame.of(((JsonObject) event).encode()))
        .toList();
  }

  JsonObject result() {
    return json.getJsonObject("result");
  }

  JsonObject error() {
    return json.getJsonObject("error");
  }

  String code() {
    return error().getString("code");
  }

  String status() {
    return json.getString("status");
  }

  @Override
  public String toString() {
    return text.length() > 500 ? text.substring(0, 500) + "… (" + text.length() + ")" : text;
  }

  /** The jobs whose numbered frames may come behind this one. */
  List<String> announces() {
    if (is("welcome")) {
      return json.getJsonArray("jobs").stream()
          .map(attached -> ((JsonObject) attached).getJsonObject("snapshot").getString("job_id"))
          .toList();
    }
    if (is("response")
        && json.getValue("data") instanceof JsonObject data
        && data.containsKey("snapshot")) {
      return List.of(data.getJsonObject("snapshot").getString("job_id"));
    }
    return is("acknowledgment") ? List.of(jobId()) : List.of();
  }
}

package io.streamer.system;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What a client of one job has once it has applied its frames by their numbers. */
final class Applied {
  private final List<Row> rows = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private long seq;

  private record Row(long seq, JsonObject data) {}

  static Applied of(List<PushTarget.Frame> frames) {
    var applied = new Applied();
    frames.forEach(frame -> applied.take(frame.json()));
    return applied;
  }

  /** As a client has it that got these frames, through any number of connections. */
  static Applied from(List<Frame> frames, String jobId) {
    var applied = new Applied();
    for (var frame : frames) {
      if (frame.isNumbered() && frame.jobId().equals(jobId)) {
        applied.take(frame.json());
      } else if (frame.is("welcome")) {
        frame.json().getJsonArray("jobs").stream()
            .map(attached -> ((JsonObject) attached).getJsonArray("events"))
            .forEach(missed -> missed.forEach(event -> applied.take((JsonObject) event)));
      }
    }
    return applied;
  }

  /** The highest number so far; 0 if there is none. */
  long lastSeq() {
    return seq;
  }

  /** Whether the job's end is among it. */
  boolean ended() {
    return types.contains("complete") || types.contains("error");
  }

  private void take(JsonObject json) {
    if (json.getLong("seq") <= seq) {
      return;
    }
    seq = json.getLong("seq");
    types.add(json.getString("type"));
    switch (json.getString("type")) {
      case "event" -> rows.add(new Row(seq, json.getJsonObject("data")));
      case "rewind" -> rows.removeIf(row -> row.seq() > json.getLong("after_seq"));
      default -> {}
    }
  }

  /** The data of the events that hold, in their order. */
  List<JsonObject> rows() {
    return rows.stream().map(Row::data).toList();
  }

  /** The numbers in them. */
  List<Integer> ns() {
    return rows().stream().map(row -> row.getInteger("n")).toList();
  }

  /** The types of all applied frames, in their order. */
  List<String> types() {
    return types;
  }
}

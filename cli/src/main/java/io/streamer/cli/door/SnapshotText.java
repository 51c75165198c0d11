package io.streamer.cli.door;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Locale;

/** A job's snapshot for a person: a line for each fact. */
record SnapshotText(PrintWriter out) {

  void show(JsonObject snapshot) {
    line("job", word(snapshot, "job_id"));
    line("status", word(snapshot, "status"));
    line("action", word(snapshot, "action"));
    line("request", word(snapshot, "request_id"));
    var created = snapshot.getValue("created_at");
    if (created instanceof Number seconds) {
      line("created", Instant.ofEpochMilli(Math.round(seconds.doubleValue() * 1000)).toString());
    }
    line("attempt", word(snapshot, "attempt"));
    line(
        "progress",
        String.format(
            Locale.ROOT,
            "%.0f%%  %s",
            snapshot.getDouble("percentage", 0.0),
            word(snapshot, "message")));
    if (snapshot.getValue("error") instanceof JsonObject error) {
      line("error", word(error, "code") + ": " + word(error, "message"));
    }
    line("result", word(snapshot, "result"));
    line("result", word(snapshot, "result_url"));
    out.flush();
  }

  private void line(String name, String value) {
    if (!value.isBlank()) {
      out.printf("%-9s %s%n", name, value);
    }
  }

  /** Without control characters: they would steer the terminal. */
  private static String word(JsonObject object, String name) {
    var value = object.getValue(name);
    return value == null ? "" : value.toString().replaceAll("\\p{Cntrl}", " ");
  }
}

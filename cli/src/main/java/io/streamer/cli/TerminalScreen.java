package io.streamer.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** A progress bar that is drawn over itself, and the outcome below it. */
final class TerminalScreen implements Screen {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int BAR = 30;
  private static final int MESSAGE = 40;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private boolean drawing;

  TerminalScreen(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public void show(String text, JsonObject frame) {
    switch (frame.getString("type", "")) {
      case "acknowledgment" ->
          out.println("job " + word(frame, "job_id") + " is " + word(frame, "status"));
      case "progress" -> draw(frame.getDouble("percentage", 0.0), word(frame, "message"));
      case "response" -> out.println(value(text, "data"));
      case "complete" -> {
        end();
        out.println(
            frame.containsKey("result") ? value(text, "result") : word(frame, "result_url"));
      }
      case "error" -> {
        end();
        explain(frame.getJsonObject("error", new JsonObject()));
      }
      default -> {
        // pongs and the like are no news to a person
      }
    }
    out.flush();
  }

  /** Leaves the bar as it stands and goes on below it. */
  @Override
  public void end() {
    if (drawing) {
      drawing = false;
      out.println();
      out.flush();
    }
  }

  private void draw(double percentage, String message) {
    drawing = true;
    int full = (int) Math.round(Math.clamp(percentage, 0, 100) * BAR / 100);
    out.printf(
        Locale.ROOT,
        "%s[%s%s] %3.0f%%  %s",
        CLEAR_LINE,
        "#".repeat(full),
        "-".repeat(BAR - full),
        percentage,
        message.length() > MESSAGE ? message.substring(0, MESSAGE - 1) + "…" : message);
  }

  private void explain(JsonObject error) {
    err.println(word(error, "code") + ": " + word(error, "message"));
    var details = error.getJsonObject("details", new JsonObject());
    for (var field : details.getJsonArray("fields", new JsonArray())) {
      if (field instanceof JsonObject at) {
        var pointer = word(at, "pointer");
        err.println(
            "  " + (pointer.isEmpty() ? "the frame" : pointer) + ": " + word(at, "message"));
      }
    }
    for (var name : new String[] {"reason", "error_id"}) {
      if (details.containsKey(name)) {
        err.println("  " + name + ": " + word(details, name));
      }
    }
    if (error.getBoolean("retryable", false)) {
      err.println("  it may work later");
    }
    err.flush();
  }

  /** A member's text without control characters: they would steer the terminal. */
  private static String word(JsonObject object, String name) {
    var value = object.getValue(name);
    return value == null ? "" : value.toString().replaceAll("\\p{Cntrl}", " ");
  }

  /** A member of the frame as it was written: reading and writing it again could change numbers. */
  private static String value(String text, String name) {
    try (var parser = JSON.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var found = parser.currentName().equals(name);
        parser.nextToken();
        var start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        if (found) {
          return text.substring(start, (int) parser.currentLocation().getCharOffset()).strip();
        }
      }
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.streamer.cli.terminal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.IntSupplier;

/** A progress bar that is drawn over itself, events above it, and the outcome below it. */
public final class TerminalScreen implements Screen {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 5;

  /** Brackets, percentage and the blanks between. */
  private static final int BESIDE_BAR = 9;

  private static final int EVENT = 400;
  private static final int MOST_SHOWN = 10_000;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final IntSupplier width;
  private final Runnable onClose;
  private final ArrayDeque<Long> shown = new ArrayDeque<>();
  private boolean drawing;
  private double reached;
  private String message = "";
  private int attempt = 1;

  /**
   * A screen.
   *
   * @param width of the terminal, in columns
   */
  TerminalScreen(PrintWriter out, PrintWriter err, IntSupplier width) {
    this(out, err, width, () -> {});
  }

  private TerminalScreen(PrintWriter out, PrintWriter err, IntSupplier width, Runnable onClose) {
    this.out = out;
    this.err = err;
    this.width = width;
    this.onClose = onClose;
  }

  /** One as wide as the process's terminal, however its window changes. */
  public static TerminalScreen open(PrintWriter out, PrintWriter err) {
    var width = new TerminalWidth();
    var screen = new TerminalScreen(out, err, width, width::close);
    width.onChange(screen::resized);
    return screen;
  }

  private synchronized void resized() {
    if (drawing) {
      draw();
      out.flush();
    }
  }

  @Override
  public void close() {
    onClose.run();
  }

  @Override
  public synchronized void show(String text, JsonObject frame) {
    switch (frame.getString("type", "")) {
      case "acknowledgment" -> acknowledge(frame);
      case "progress" -> {
        // behind a crash it may step back to what was stored
        reached = Math.max(reached, frame.getDouble("percentage", 0.0));
        message = word(frame, "message");
        attempt = frame.getInteger("attempt", 1);
        draw();
      }
      case "event" -> {
        if (shown.size() == MOST_SHOWN) {
          shown.removeFirst();
        }
        shown.add(frame.getLong("seq", 0L));
        above(word(frame, "name") + " " + cut(printable(value(text, "data")), EVENT));
      }
      case "rewind" -> rewind(frame.getLong("after_seq", 0L));
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
  public synchronized void end() {
    if (drawing) {
      drawing = false;
      out.println();
      out.flush();
    }
  }

  private void acknowledge(JsonObject frame) {
    var job = "job " + word(frame, "job_id");
    if (frame.getValue("snapshot") instanceof JsonObject snapshot) {
      reached = snapshot.getDouble("percentage", 0.0);
      out.println(job + " was asked for before, and is " + word(snapshot, "status"));
    } else {
      out.println(job + " is " + word(frame, "status"));
    }
  }

  private void rewind(long afterSeq) {
    var all = shown.size();
    shown.removeIf(seq -> seq > afterSeq);
    var gone = all - shown.size();
    if (gone > 0) {
      above(
          "(the last "
              + (gone == 1 ? "event is" : gone + " events are")
              + " void: the job goes on from its last checkpoint)");
    }
  }

  /** A line above the bar. */
  private void above(String line) {
    if (!drawing) {
      out.println(line);
      return;
    }
    out.println(CLEAR_LINE + line);
    draw();
  }

  private void draw() {
    drawing = true;
    // the last column stays free: some terminals begin a new line behind it
    int room = width.getAsInt() - 1 - BESIDE_BAR;
    int bar = Math.clamp(room / 2, SHORTEST_BAR, LONGEST_BAR);
    int full = (int) Math.round(Math.clamp(reached, 0, 100) * bar / 100);
    var tries = attempt > 1 ? " (attempt " + attempt + ")" : "";
    int left = room - bar - tries.length();
    if (left < 0) {
      tries = "";
      left = room - bar;
    }
    out.printf(
        Locale.ROOT,
        "%s[%s%s] %3.0f%%  %s%s",
        CLEAR_LINE,
        "#".repeat(full),
        "-".repeat(bar - full),
        reached,
        TextColumns.cut(message, left),
        tries);
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
    return value == null ? "" : printable(value.toString());
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most - 1) + "…" : text;
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

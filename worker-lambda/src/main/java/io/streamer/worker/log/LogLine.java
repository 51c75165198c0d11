package io.streamer.worker.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * A line of the log, with the names that a gateway's JSON lines have. What a handler says is cut to
 * what Lambda takes as one line: a text to 16,384 characters, to 32 fields, each to 1,024, and of
 * what was thrown four causes deep 64 frames.
 *
 * @param at epoch ms
 * @param invocation Lambda's id of it, if the line falls into one
 */
record LogLine(
    long at,
    Level level,
    String thread,
    String logger,
    Optional<String> invocation,
    String said,
    List<KeyValuePair> fields,
    @Nullable Throwable thrown) {
  private static final JsonFactory JSON = new JsonFactory();

  private static final int MOST_CHARS = 16_384;
  private static final int MOST_FIELDS = 32;
  private static final int MOST_FIELD_CHARS = 1_024;
  private static final int MOST_CAUSES = 4;
  private static final int MOST_FRAMES = 64;

  String json() {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      // as RFC 3339 has it: else Lambda takes a line for one of INFO, if it is to filter them
      json.writeStringField("timestamp", Instant.ofEpochMilli(at).toString());
      json.writeStringField("level", level.name());
      json.writeStringField("threadName", thread);
      json.writeStringField("loggerName", logger);
      if (invocation.isPresent()) {
        json.writeStringField("awsRequestId", invocation.get());
      }
      json.writeStringField("formattedMessage", cut(said, MOST_CHARS));
      writeThrown(json);
      writeFields(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private void writeThrown(JsonGenerator json) throws IOException {
    if (thrown == null) {
      return;
    }
    json.writeObjectFieldStart("throwable");
    json.writeStringField("className", thrown.getClass().getName());
    json.writeStringField("message", cut(message(thrown), MOST_CHARS));
    json.writeStringField("stack", stack());
    json.writeEndObject();
  }

  /** A name that is taken stays with what has it. */
  private void writeFields(JsonGenerator json) throws IOException {
    var taken =
        new HashSet<>(
            Set.of(
                "timestamp",
                "level",
                "threadName",
                "loggerName",
                "awsRequestId",
                "formattedMessage",
                "throwable"));
    for (var field : fields.subList(0, Math.min(fields.size(), MOST_FIELDS))) {
      var name = cut(String.valueOf(field.key), MOST_FIELD_CHARS);
      if (taken.add(name)) {
        json.writeStringField(name, value(field));
      }
    }
  }

  /** As somebody reads it who looks on. */
  String text() {
    var line = new StringBuilder("[").append(thread).append("] ").append(level).append(' ');
    line.append(logger.substring(logger.lastIndexOf('.') + 1)).append(" - ");
    for (var field : fields.subList(0, Math.min(fields.size(), MOST_FIELDS))) {
      line.append(field.key).append('=').append(value(field)).append(' ');
    }
    line.append(cut(said, MOST_CHARS));
    if (thrown != null) {
      line.append(System.lineSeparator()).append(stack());
    }
    return line.toString();
  }

  private String stack() {
    var text = new StringBuilder();
    var next = thrown;
    for (int causes = 0; next != null && causes <= MOST_CAUSES; causes++) {
      text.append(causes == 0 ? "" : "\nCaused by: ").append(next.getClass().getName());
      text.append(": ").append(cut(message(next), MOST_FIELD_CHARS));
      var frames = next.getStackTrace();
      Arrays.stream(frames)
          .limit(MOST_FRAMES)
          .forEach(frame -> text.append("\n\tat ").append(frame));
      if (frames.length > MOST_FRAMES) {
        text.append("\n\t… ").append(frames.length - MOST_FRAMES).append(" more");
      }
      next = cause(next);
    }
    return text.toString();
  }

  /** A class of a handler's may fail even at this, as with the two below. */
  private static String value(KeyValuePair field) {
    try {
      return cut(String.valueOf(field.value), MOST_FIELD_CHARS);
    } catch (RuntimeException e) {
      return e.getClass().getName();
    }
  }

  private static String message(Throwable thrown) {
    try {
      return String.valueOf(thrown.getMessage());
    } catch (RuntimeException e) {
      return e.getClass().getName();
    }
  }

  private static @Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (RuntimeException _) {
      return null;
    }
  }

  /** No half of a pair stays. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "… (" + (text.length() - end) + " more)";
  }
}

package io.streamer.shared.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a frame that are objects or arrays, and notes what is wrong with them. */
final class FieldReader {
  private static final int MAX_METADATA = 32;
  private static final int MAX_METADATA_KEY = 64;
  private static final int MAX_METADATA_VALUE = 1024;
  private static final int MAX_RESUMED = 64;
  private static final int MAX_ERRORS = 32;
  private static final int MAX_PRIORITY = 9;
  private static final long MAX_WAIT_MS = Duration.ofDays(30).toMillis();

  /** Of the largest that a long holds. */
  private static final int MAX_DIGITS = 19;

  private final List<FieldError> errors = new ArrayList<>();

  /** What is wrong so far. */
  List<FieldError> errors() {
    return errors;
  }

  void error(String pointer, String message) {
    if (errors.size() < MAX_ERRORS) {
      errors.add(new FieldError(pointer, message));
    }
  }

  Map<String, String> metadata(JsonParser json, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      error("/metadata", "must be an object of strings");
      FrameReader.skipValue(json);
      return Map.of();
    }
    var entries = new LinkedHashMap<String, String>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var key = json.currentName();
      var pointer = "/metadata" + FieldError.token(key);
      json.nextToken();
      var value = FrameReader.text(json);
      if (value == null) {
        error(pointer, "must be a string");
      } else if (key.isEmpty() || key.length() > MAX_METADATA_KEY) {
        error(pointer, "must have a name of 1 to " + MAX_METADATA_KEY + " characters");
      } else if (value.length() > MAX_METADATA_VALUE) {
        error(pointer, "must have at most " + MAX_METADATA_VALUE + " characters");
      } else if (entries.putIfAbsent(key, value) != null) {
        error(pointer, "stands twice");
      } else if (entries.size() == MAX_METADATA + 1) {
        error("/metadata", "must have at most " + MAX_METADATA + " entries");
      } else if (entries.size() > MAX_METADATA) {
        entries.remove(key);
      }
    }
    return entries;
  }

  Options options(JsonParser json, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      error("/options", "must be an object");
      FrameReader.skipValue(json);
      return Options.NONE;
    }
    var names = new HashSet<String>();
    long priority = 0;
    long delayMs = 0;
    Long deadlineMs = null;
    var cancel = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var name = json.currentName();
      var pointer = "/options" + FieldError.token(name);
      json.nextToken();
      if (!names.add(name)) {
        error(pointer, "stands twice");
        FrameReader.skipValue(json);
        continue;
      }
      switch (name) {
        case "priority" -> priority = whole(json, pointer, 0, MAX_PRIORITY);
        case "delay_ms" -> delayMs = whole(json, pointer, 0, MAX_WAIT_MS);
        case "deadline_ms" -> deadlineMs = whole(json, pointer, 1, MAX_WAIT_MS);
        case "on_disconnect" -> {
          var text = FrameReader.text(json);
          cancel = "cancel".equals(text);
          if (!cancel && !"keep".equals(text)) {
            error(pointer, "must be keep or cancel");
          }
        }
        default -> FrameReader.skipValue(json);
      }
    }
    if (deadlineMs != null && deadlineMs <= delayMs && errors.isEmpty()) {
      error("/options/deadline_ms", "must be more than delay_ms");
    }
    return new Options((int) priority, delayMs, deadlineMs, cancel);
  }

  Map<String, Long> lastSeq(JsonParser json, JsonToken token) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      error("/last_seq", "must be an object of numbers by job_id");
      FrameReader.skipValue(json);
      return Map.of();
    }
    var jobs = new LinkedHashMap<String, Long>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      var job = json.currentName();
      var pointer = "/last_seq" + FieldError.token(job);
      var seq = seq(json, json.nextToken(), pointer);
      if (seq == null) {
        continue;
      }
      if (jobs.containsKey(job)) {
        error(pointer, "stands twice");
      } else if (jobs.size() <= MAX_RESUMED) {
        jobs.put(job, seq);
      }
    }
    if (jobs.size() > MAX_RESUMED) {
      error("/last_seq", "must name at most " + MAX_RESUMED + " jobs");
    }
    return jobs;
  }

  @Nullable Long afterSeq(JsonParser json, JsonToken token) throws IOException {
    return seq(json, token, "/after_seq");
  }

  Set<Kind> frames(JsonParser json, JsonToken token) throws IOException {
    var kinds = EnumSet.noneOf(Kind.class);
    if (token != JsonToken.START_ARRAY) {
      error("/frames", "must be an array of some of progress, event, terminal");
      FrameReader.skipValue(json);
      return kinds;
    }
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      switch (FrameReader.text(json)) {
        case "progress" -> kinds.add(Kind.PROGRESS);
        case "event" -> kinds.add(Kind.EVENT);
        case "terminal" -> kinds.add(Kind.TERMINAL);
        case null, default -> error("/frames/" + i, "must be progress, event or terminal");
      }
    }
    if (kinds.isEmpty() && errors.isEmpty()) {
      error("/frames", "must name at least one of progress, event, terminal");
    }
    return kinds;
  }

  private @Nullable Long seq(JsonParser json, JsonToken token, String pointer) throws IOException {
    if (token == JsonToken.VALUE_NUMBER_INT && isLong(json) && json.getLongValue() >= 0) {
      return json.getLongValue();
    }
    FrameReader.skipValue(json);
    error(pointer, "must be a whole number, 0 to " + Long.MAX_VALUE);
    return null;
  }

  private static boolean isLong(JsonParser json) throws IOException {
    return json.getText().length() <= MAX_DIGITS
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
  }

  private long whole(JsonParser json, String pointer, long least, long most) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && isLong(json)
        && json.getLongValue() >= least
        && json.getLongValue() <= most) {
      return json.getLongValue();
    }
    FrameReader.skipValue(json);
    error(pointer, String.format(Locale.ROOT, "must be a whole number, %d to %d", least, most));
    return least;
  }
}

package io.streamer.shared.protocol;

import io.streamer.shared.protocol.ClientFrame.Kind;
import io.streamer.shared.protocol.ClientFrame.Options;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the values of a frame's fields, and notes what is wrong with them. */
final class FieldReader {
  private static final int MAX_ID = 128;
  private static final int MAX_METADATA = 32;
  private static final int MAX_METADATA_KEY = 64;
  private static final int MAX_METADATA_VALUE = 1024;
  private static final int MAX_RESUMED = 64;
  private static final int MAX_ERRORS = 32;
  private static final int MAX_POINTER = 256;
  private static final long MAX_WAIT_MS = Duration.ofDays(30).toMillis();

  /** Of the largest that a long holds. */
  private static final int MAX_DIGITS = 19;

  /** A longer number is no whole number of ours, however many zeros it has. */
  private static final int MAX_NUMBER = 64;

  private final JsonScanner json;
  private List<FieldError> errors = List.of();

  FieldReader(JsonScanner json) {
    this.json = json;
  }

  /** What is wrong so far. */
  List<FieldError> errors() {
    return errors;
  }

  /** What is wrong so far, and nothing is from here on. */
  List<FieldError> take() {
    var taken = errors;
    errors = List.of();
    return taken;
  }

  /** Adds what was taken before, as far as an answer names so much. */
  void errors(List<FieldError> taken) {
    if (errors.isEmpty()) {
      errors = taken;
    } else {
      taken.forEach(this::error);
    }
  }

  void error(String pointer, String message) {
    error(new FieldError(shortened(pointer), message));
  }

  private void error(FieldError error) {
    if (errors.isEmpty()) {
      errors = new ArrayList<>(1);
    }
    if (errors.size() < MAX_ERRORS) {
      errors.add(error);
    }
  }

  /** The answer to bad input is small, however long the names are that the client invents. */
  private static String shortened(String pointer) {
    return pointer.length() <= MAX_POINTER
        ? pointer
        : pointer.substring(0, Math.max(0, pointer.lastIndexOf('/', MAX_POINTER)));
  }

  @Nullable String text(String pointer) throws NotJson {
    var text = json.string();
    if (text == null) {
      error(pointer, "must be a string");
    } else if (!WireText.isWhole(text)) {
      error(pointer, "must have no half of a surrogate pair");
      text = null;
    }
    return text;
  }

  @Nullable String identifier(String pointer) throws NotJson {
    var text = text(pointer);
    if (text == null) {
      return null;
    }
    if (text.isEmpty() || characters(text) > MAX_ID) {
      error(pointer, "must have 1 to " + MAX_ID + " characters");
      return null;
    }
    if (!WireText.isOneLine(text)) {
      error(pointer, "must have no control characters or line separators");
      return null;
    }
    return text;
  }

  /** As JSON Schema counts them: one outside of the basic plane is one. */
  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  Map<String, String> metadata() throws NotJson {
    if (!isObject("/metadata", "must be an object of strings")) {
      return Map.of();
    }
    var entries = new LinkedHashMap<String, String>();
    json.enter();
    while (json.nextMember()) {
      var key = json.text();
      var pointer = "/metadata" + FieldError.token(key);
      var value = text(pointer);
      if (value == null) {
        continue;
      }
      if (key.isEmpty() || characters(key) > MAX_METADATA_KEY) {
        error(pointer, "must have a name of 1 to " + MAX_METADATA_KEY + " characters");
      } else if (!WireText.isWhole(key)) {
        error(pointer, "must have a name without half of a surrogate pair");
      } else if (characters(value) > MAX_METADATA_VALUE) {
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

  Options options() throws NotJson {
    if (!isObject("/options", "must be an object")) {
      return Options.NONE;
    }
    var seen = new Seen();
    long delayMs = 0;
    Long deadlineMs = null;
    var cancel = false;
    json.enter();
    while (json.nextMember()) {
      var field = Field.of(json);
      if (!seen.add(field, json)) {
        error("/options" + FieldError.token(json.text()), "stands twice");
        json.skip();
        continue;
      }
      if (json.skipNull()) {
        continue;
      }
      switch (field) {
        case PRIORITY -> priority();
        case DELAY_MS -> delayMs = whole("/options/delay_ms", 0, MAX_WAIT_MS);
        case DEADLINE_MS -> deadlineMs = whole("/options/deadline_ms", 1, MAX_WAIT_MS);
        case ON_DISCONNECT -> cancel = cancelOnDisconnect();
        case null, default -> json.skip();
      }
    }
    if (deadlineMs != null && deadlineMs <= delayMs && errors.isEmpty()) {
      error("/options/deadline_ms", "must be more than delay_ms");
    }
    return new Options(0, delayMs, deadlineMs, cancel);
  }

  private void priority() throws NotJson {
    var priority = whole();
    if (priority == null || priority != 0) {
      error("/options/priority", "must be 0: this version serves no other priority");
    }
  }

  private boolean cancelOnDisconnect() throws NotJson {
    var text = json.string();
    var cancel = "cancel".equals(text);
    if (!cancel && !"keep".equals(text)) {
      error("/options/on_disconnect", "must be keep or cancel");
    }
    return cancel;
  }

  Map<String, Long> lastSeq() throws NotJson {
    if (!isObject("/last_seq", "must be an object of numbers by job_id")) {
      return Map.of();
    }
    var jobs = new LinkedHashMap<String, Long>();
    json.enter();
    while (json.nextMember()) {
      var job = json.text();
      var pointer = "/last_seq" + FieldError.token(job);
      var seq = seq(pointer);
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

  Set<Kind> frames() throws NotJson {
    var kinds = EnumSet.noneOf(Kind.class);
    if (json.peek() != '[') {
      error("/frames", "must be an array of some of progress, event, terminal");
      json.skip();
      return kinds;
    }
    json.enter();
    for (int i = 0; json.nextElement(); i++) {
      switch (json.string()) {
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

  @Nullable Long seq(String pointer) throws NotJson {
    var seq = whole();
    if (seq != null && seq >= 0) {
      return seq;
    }
    error(pointer, "must be a whole number, 0 to " + Long.MAX_VALUE);
    return null;
  }

  private boolean isObject(String pointer, String otherwise) throws NotJson {
    if (json.peek() == '{') {
      return true;
    }
    error(pointer, otherwise);
    json.skip();
    return false;
  }

  private long whole(String pointer, long least, long most) throws NotJson {
    var number = whole();
    if (number != null && number >= least && number <= most) {
      return number;
    }
    error(pointer, String.format(Locale.ROOT, "must be a whole number, %d to %d", least, most));
    return least;
  }

  /** The next value if it is a whole number, also as 5.0 or 5e0; anything else is passed over. */
  private @Nullable Long whole() throws NotJson {
    var text = json.number();
    if (text == null || text.length() > MAX_NUMBER) {
      return null;
    }
    try {
      var number = new BigDecimal(text);
      // before anything writes out the zeros of 1e999999999
      return (long) number.precision() - number.scale() > MAX_DIGITS
          ? null
          : (Long) number.longValueExact();
    } catch (ArithmeticException | NumberFormatException _) {
      return null;
    }
  }
}

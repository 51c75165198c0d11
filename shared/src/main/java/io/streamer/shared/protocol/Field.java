package io.streamer.shared.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The names that mean something in a client's frame or in its {@code options}. */
enum Field {
  TYPE,
  ID,
  REQUEST_ID,
  JOB_ID,
  ACTION,
  PAYLOAD,
  METADATA,
  OPTIONS,
  TRACEPARENT,
  LAST_SEQ,
  FRAMES,
  AFTER_SEQ,
  CHANNEL,
  PRIORITY,
  DELAY_MS,
  DEADLINE_MS,
  ON_DISCONNECT,
  /** Of a server's frame. */
  SEQ;

  private static final Field[] ALL = values();

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name that the scanner has just read; null if it means nothing. */
  static @Nullable Field of(JsonScanner json) {
    var escaped = json.isEscaped() ? json.text() : null;
    for (var field : ALL) {
      if (escaped == null ? json.is(field.text) : escaped.equals(field.text)) {
        return field;
      }
    }
    return null;
  }

  /** The name as it is written. */
  @Override
  public String toString() {
    return text;
  }
}

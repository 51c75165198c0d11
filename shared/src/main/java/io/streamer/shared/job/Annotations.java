package io.streamer.shared.job;

import io.streamer.shared.protocol.WireText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run says beside its progress, within bounds. Safe for many threads. */
public final class Annotations {
  private static final int MOST = 16;
  private static final int MOST_KEY = 64;
  private static final int MOST_VALUE = 256;

  private volatile Map<String, String> entries = Map.of();

  /** In the order of the keys' first use; unmodifiable. */
  public Map<String, String> entries() {
    return entries;
  }

  /**
   * Adds an entry, cut to its bounds.
   *
   * @return what was wrong with it, if something was
   */
  public synchronized @Nullable String add(@Nullable String key, @Nullable String value) {
    var name = WireText.said(key, MOST_KEY);
    if (name.isEmpty()) {
      return "an annotation without a key is left out";
    }
    var more = new LinkedHashMap<>(entries);
    more.put(name, WireText.said(value, MOST_VALUE));
    if (more.size() > MOST) {
      return "a run has " + MOST + " annotations: " + name + " is left out";
    }
    entries = Collections.unmodifiableMap(more);
    return key != null && key.length() <= MOST_KEY && value != null && value.length() <= MOST_VALUE
        ? null
        : "an annotation has up to %d and %d characters: %s is cut"
            .formatted(MOST_KEY, MOST_VALUE, name);
  }
}

package io.streamer.shared.protocol;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that an object has had so far. */
final class Seen {
  /** A bit for each field. */
  private int fields;

  private @Nullable Set<String> others;

  /**
   * Notes the name that the scanner has just read; false if it stood there before.
   *
   * @param field what it means, if anything
   */
  @SuppressWarnings("EnumOrdinal") // a bit that outlives no object
  boolean add(@Nullable Field field, JsonScanner json) {
    if (field != null) {
      int before = fields;
      fields |= 1 << field.ordinal();
      return fields != before;
    }
    if (others == null) {
      others = new HashSet<>();
    }
    return others.add(json.text());
  }
}

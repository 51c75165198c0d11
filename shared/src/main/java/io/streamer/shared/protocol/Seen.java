package io.streamer.shared.protocol;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that an object has had so far. */
final class Seen {
  private final Set<Field> fields = EnumSet.noneOf(Field.class);
  private @Nullable Set<String> others;

  /**
   * Notes the name that the scanner has just read; false if it stood there before.
   *
   * @param field what it means, if anything
   */
  boolean add(@Nullable Field field, JsonScanner json) {
    if (field != null) {
      return fields.add(field);
    }
    if (others == null) {
      others = new HashSet<>();
    }
    return others.add(json.text());
  }
}

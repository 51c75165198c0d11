package io.streamer.shared.table;

import java.util.List;
import java.util.Optional;

/**
 * Some of many.
 *
 * @param next the cursor of the page behind this one, if there is more
 */
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }
}

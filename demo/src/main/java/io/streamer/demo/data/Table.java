package io.streamer.demo.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows under named columns.
 *
 * @param rows each with one value a column: {@code String}, {@code Long}, {@code BigDecimal} or
 *     null
 */
record Table(List<String> columns, List<List<@Nullable Object>> rows) {

  boolean has(String... names) {
    return columns.containsAll(List.of(names));
  }

  /** The column's place, or -1. */
  int column(String name) {
    return columns.indexOf(name);
  }

  /** The first rows as objects. */
  List<Map<String, @Nullable Object>> objects(int most) {
    return rows.stream().limit(most).map(this::object).toList();
  }

  private Map<String, @Nullable Object> object(List<@Nullable Object> row) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < columns.size(); i++) {
      object.put(columns.get(i), row.get(i));
    }
    return Collections.unmodifiableMap(object);
  }
}

package io.streamer.demo.data;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns computed from others. */
final class Derived {
  private static final int MONTH_LENGTH = "2025-01".length();

  private Derived() {}

  /** Adds month and unit_price, each if it is not there yet. */
  static Table added(Table table) {
    return withUnitPrice(withMonth(table));
  }

  static Table withMonth(Table table) {
    if (table.has(Columns.MONTH)) {
      return table;
    }
    int date = table.column(Columns.DATE);
    return with(table, Columns.MONTH, row -> month(row.get(date)));
  }

  private static @Nullable Object month(@Nullable Object date) {
    return date instanceof String day ? day.substring(0, MONTH_LENGTH) : null;
  }

  private static Table withUnitPrice(Table table) {
    if (table.has(Columns.UNIT_PRICE)) {
      return table;
    }
    int amount = table.column(Columns.AMOUNT);
    int quantity = table.column(Columns.QUANTITY);
    return with(table, Columns.UNIT_PRICE, row -> unitPrice(row.get(amount), row.get(quantity)));
  }

  private static @Nullable Object unitPrice(@Nullable Object amount, @Nullable Object quantity) {
    return amount instanceof BigDecimal sum && quantity instanceof Long count && count > 0
        ? sum.divide(BigDecimal.valueOf(count), 2, RoundingMode.HALF_UP)
        : null;
  }

  /** The value of a new column. */
  @FunctionalInterface
  private interface Cell {
    @Nullable Object of(List<@Nullable Object> row);
  }

  private static Table with(Table table, String column, Cell cell) {
    var columns = new ArrayList<>(table.columns());
    columns.add(column);
    var rows = new ArrayList<List<@Nullable Object>>(table.rows().size());
    for (var row : table.rows()) {
      var longer = new ArrayList<@Nullable Object>(row);
      longer.add(cell.of(row));
      rows.add(Collections.unmodifiableList(longer));
    }
    return new Table(List.copyOf(columns), Collections.unmodifiableList(rows));
  }
}

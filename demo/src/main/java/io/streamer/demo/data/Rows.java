package io.streamer.demo.data;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations that keep the columns. */
final class Rows {
  private static final String CANCELLED = "cancelled";

  private Rows() {}

  /** Drops what has no amount or was cancelled; a table of sums has no status and keeps all. */
  static Table complete(Table table) {
    int amount = table.column(Columns.AMOUNT);
    int status = table.column(Columns.STATUS);
    return new Table(
        table.columns(),
        table.rows().stream()
            .filter(row -> row.get(amount) != null)
            .filter(row -> status < 0 || !CANCELLED.equals(row.get(status)))
            .toList());
  }

  /** Sorts by amount, the largest first, rows without one last, equals as they stood. */
  static Table byAmount(Table table) {
    int amount = table.column(Columns.AMOUNT);
    Comparator<List<@Nullable Object>> order =
        Comparator.comparing(
            row -> (BigDecimal) row.get(amount),
            Comparator.nullsLast(Comparator.<BigDecimal>reverseOrder()));
    return new Table(table.columns(), table.rows().stream().sorted(order).toList());
  }

  /** Keeps the first row of each order, in a table without orders the first of equal rows. */
  static Table distinct(Table table) {
    int order = table.column(Columns.ORDER);
    var seen = new HashSet<@Nullable Object>();
    return new Table(
        table.columns(),
        table.rows().stream().filter(row -> seen.add(order < 0 ? row : row.get(order))).toList());
  }
}

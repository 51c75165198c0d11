package io.streamer.demo.data;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One row a region and month. */
final class Sums {
  private static final List<String> COLUMNS =
      List.of(Columns.REGION, Columns.MONTH, Columns.ORDERS, Columns.QUANTITY, Columns.AMOUNT);

  private Sums() {}

  private record Group(String region, String month) {}

  private record Sum(long orders, long quantity, BigDecimal amount) {
    Sum plus(Sum other) {
      return new Sum(orders + other.orders, quantity + other.quantity, amount.add(other.amount));
    }
  }

  /** Sums up; a missing number counts as zero, and sums may be summed again. */
  static Table of(Table plain) {
    var table = Derived.withMonth(plain);
    int region = table.column(Columns.REGION);
    int month = table.column(Columns.MONTH);
    int orders = table.column(Columns.ORDERS);
    int quantity = table.column(Columns.QUANTITY);
    int amount = table.column(Columns.AMOUNT);
    var sums =
        new TreeMap<Group, Sum>(Comparator.comparing(Group::region).thenComparing(Group::month));
    for (var row : table.rows()) {
      sums.merge(
          new Group(text(row.get(region)), text(row.get(month))),
          new Sum(
              orders < 0 ? 1 : count(row.get(orders)),
              count(row.get(quantity)),
              row.get(amount) instanceof BigDecimal sum ? sum : BigDecimal.ZERO),
          Sum::plus);
    }
    return new Table(
        COLUMNS,
        sums.entrySet().stream().map(each -> row(each.getKey(), each.getValue())).toList());
  }

  private static List<@Nullable Object> row(Group group, Sum sum) {
    return List.of(group.region, group.month, sum.orders, sum.quantity, sum.amount);
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static long count(@Nullable Object value) {
    return value instanceof Long number ? number : 0;
  }
}

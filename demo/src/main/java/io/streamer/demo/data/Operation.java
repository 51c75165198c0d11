package io.streamer.demo.data;

/** What can be done to a table; every operation takes any table and gives one. */
enum Operation {
  FILTER("kept the rows that have an amount and are not cancelled"),
  TRANSFORM("added month and unit_price"),
  AGGREGATE("summed orders, quantity and amount by region and month"),
  SORT("sorted by amount, largest first"),
  DEDUPLICATE("kept the first row of each order_id");

  private final String description;

  Operation(String description) {
    this.description = description;
  }

  /** What it does, for people. */
  String description() {
    return description;
  }

  Table apply(Table table) {
    return switch (this) {
      case FILTER -> Rows.complete(table);
      case TRANSFORM -> Derived.added(table);
      case AGGREGATE -> Sums.of(table);
      case SORT -> Rows.byAmount(table);
      case DEDUPLICATE -> Rows.distinct(table);
    };
  }
}

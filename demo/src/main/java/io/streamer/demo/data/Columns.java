package io.streamer.demo.data;

/** The columns that operations know. */
final class Columns {
  static final String ORDER = "order_id";
  static final String DATE = "date";
  static final String REGION = "region";
  static final String QUANTITY = "quantity";
  static final String AMOUNT = "amount";
  static final String STATUS = "status";

  static final String MONTH = "month";
  static final String UNIT_PRICE = "unit_price";
  static final String ORDERS = "orders";

  private Columns() {}
}

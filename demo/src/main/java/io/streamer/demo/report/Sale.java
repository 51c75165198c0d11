package io.streamer.demo.report;

import java.math.BigDecimal;
import java.time.LocalDate;

/** One line of the ledger, and of every report. */
record Sale(
    LocalDate date,
    String order,
    String region,
    String product,
    int quantity,
    BigDecimal unitPrice) {

  BigDecimal amount() {
    return unitPrice.multiply(BigDecimal.valueOf(quantity));
  }
}

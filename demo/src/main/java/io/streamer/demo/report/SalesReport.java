package io.streamer.demo.report;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a file shows. The sales themselves are read once more by whoever writes it, so that only the
 * sums are in memory.
 *
 * @param records how many sales there are
 * @param byPeriod the amount sold in each period of the range
 */
record SalesReport(
    LocalDate start,
    LocalDate end,
    ReportType type,
    boolean charts,
    int records,
    SortedMap<String, BigDecimal> byPeriod) {

  static SalesReport of(LocalDate start, LocalDate end, ReportType type, boolean charts) {
    var sums = new TreeMap<String, BigDecimal>();
    int records = 0;
    for (var sale : (Iterable<Sale>) SalesLedger.between(start, end)::iterator) {
      sums.merge(type.period(sale.date()), sale.amount(), BigDecimal::add);
      records++;
    }
    return new SalesReport(
        start, end, type, charts, records, Collections.unmodifiableSortedMap(sums));
  }

  Stream<Sale> sales() {
    return SalesLedger.between(start, end);
  }

  BigDecimal total() {
    return byPeriod.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}

package io.streamer.demo.report;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Sales of a shop that never was. A day's sales depend on its date alone. */
final class SalesLedger {
  private static final int MOST_A_DAY = 6;
  private static final int MOST_PIECES = 20;
  // a prime: neighbouring days must not give the generator neighbouring seeds
  private static final long SPREAD = 1_000_003L;

  private static final List<String> REGIONS = List.of("north", "south", "east", "west");
  private static final List<Product> PRODUCTS =
      List.of(
          new Product("Tea, green", "4.50"),
          new Product("Tea, black", "3.90"),
          new Product("Teapot 1.2 l", "24.00"),
          new Product("Tray 12\"", "18.75"),
          new Product("Kettle", "39.90"),
          new Product("Cup", "6.20"));

  private record Product(String name, BigDecimal price) {
    Product(String name, String price) {
      this(name, new BigDecimal(price));
    }
  }

  private SalesLedger() {}

  /**
   * The sales of all days from the first to the last, both included, in the order of their days.
   */
  static Stream<Sale> between(LocalDate first, LocalDate last) {
    return first.datesUntil(last.plusDays(1)).flatMap(date -> on(date).stream());
  }

  /** At least one. */
  private static List<Sale> on(LocalDate date) {
    // Random's numbers are specified, so every Java version sells the same
    var random = new Random(date.toEpochDay() * SPREAD);
    int count = 1 + random.nextInt(MOST_A_DAY);
    var sales = new ArrayList<Sale>(count);
    for (int i = 1; i <= count; i++) {
      var product = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
      sales.add(
          new Sale(
              date,
              date.format(DateTimeFormatter.BASIC_ISO_DATE) + "/" + i,
              REGIONS.get(random.nextInt(REGIONS.size())),
              product.name(),
              1 + random.nextInt(MOST_PIECES),
              product.price()));
    }
    return sales;
  }
}

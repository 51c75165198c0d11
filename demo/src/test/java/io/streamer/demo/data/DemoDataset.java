package io.streamer.demo.data;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;

/** Makes the bundled table; the same one each time. Run it with the file to write. */
final class DemoDataset {
  private static final int ORDERS = 11_500;
  private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);
  private static final int DAYS = 366;
  private static final List<String> REGIONS = List.of("north", "south", "east", "west");
  private static final List<String> PRODUCTS =
      List.of("tea", "coffee", "cup", "teapot", "kettle", "tray");
  private static final List<String> STATUSES = List.of("paid", "paid", "paid", "shipped");

  private DemoDataset() {}

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), text(), StandardCharsets.UTF_8);
  }

  /** 11,500 orders; some stand twice, some have no amount, some were cancelled. */
  static String text() {
    // Random's numbers are specified, so every Java version makes the same
    var random = new Random(123);
    var text = new StringBuilder("order_id,date,region,product,quantity,amount,status\n");
    for (int order = 1; order <= ORDERS; order++) {
      int product = random.nextInt(PRODUCTS.size());
      int quantity = 1 + random.nextInt(20);
      var price = BigDecimal.valueOf(200 + 650L * product + random.nextInt(100), 2);
      boolean unpriced = random.nextInt(25) == 0;
      boolean cancelled = random.nextInt(20) == 0;
      var line =
          String.join(
              ",",
              "O-%05d".formatted(order),
              FIRST.plusDays(random.nextInt(DAYS)).toString(),
              REGIONS.get(random.nextInt(REGIONS.size())),
              PRODUCTS.get(product),
              Integer.toString(quantity),
              unpriced ? "" : price.multiply(BigDecimal.valueOf(quantity)).toPlainString(),
              cancelled ? "cancelled" : STATUSES.get(random.nextInt(STATUSES.size())));
      text.append(line).append('\n');
      if (random.nextInt(23) == 0) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }
}

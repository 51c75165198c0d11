package reports;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The sales of each day. Stands for a database: the numbers are made up, the same each time. */
final class Ledger {
  static final LocalDate BEGIN = LocalDate.of(2020, 1, 1);

  private static final List<String> ITEMS = List.of("tea", "coffee", "cocoa", "mate");

  private final Duration pace;

  /**
   * A ledger.
   *
   * @param pace how long a day takes
   */
  Ledger(Duration pace) {
    this.pace = pace;
  }

  /** A sale. */
  record Sale(LocalDate day, String item, long cents) {}

  /** The sales of a day, some two hundred. */
  List<Sale> on(LocalDate day) throws InterruptedException {
    Thread.sleep(pace);
    var random = new SplittableRandom(day.toEpochDay());
    return IntStream.range(0, 150 + random.nextInt(100))
        .mapToObj(
            _ -> new Sale(day, ITEMS.get(random.nextInt(ITEMS.size())), 100 + random.nextInt(900)))
        .toList();
  }
}

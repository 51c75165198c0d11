package etl;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files of orders for tests. */
final class Orders {
  private Orders() {}

  /** So many good rows, each of 250 cents. */
  static String good(int rows) {
    return IntStream.rangeClosed(1, rows)
        .mapToObj(i -> "o-" + i + ",2026-01-31,tea,250\n")
        .collect(Collectors.joining("", "id,day,item,cents\n", ""));
  }
}

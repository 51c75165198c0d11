package etl;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A row of the file, as it is loaded.
 *
 * @param cents above 0
 */
record Order(String id, LocalDate day, String item, long cents) {
  static final String HEADER = "id,day,item,cents";

  /** A row and what is wrong with it, if something is. */
  record Checked(Optional<Order> order, String problem) {}

  /** Looks at a row of fields, as they stand in the file. */
  static Checked check(List<String> fields) {
    if (fields.size() != HEADER.split(",", -1).length) {
      return refused("has " + fields.size() + " fields");
    }
    if (fields.get(0).isBlank() || fields.get(2).isBlank()) {
      return refused("has no id or no item");
    }
    try {
      long cents = Long.parseLong(fields.get(3));
      if (cents <= 0) {
        return refused("cents is not above 0");
      }
      var day = LocalDate.parse(fields.get(1));
      return new Checked(Optional.of(new Order(fields.get(0), day, fields.get(2), cents)), "");
    } catch (DateTimeException e) {
      return refused("day is no date such as 2026-01-31");
    } catch (NumberFormatException e) {
      return refused("cents is no whole number");
    }
  }

  private static Checked refused(String problem) {
    return new Checked(Optional.empty(), problem);
  }
}

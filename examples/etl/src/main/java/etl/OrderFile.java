package etl;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.streamer.handler.Invalid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A file of orders, as a client sends it. */
record OrderFile(List<Row> rows) {
  /** What one request brings; a larger file goes into a bucket, and its name into the request. */
  private static final int MOST_CHARACTERS = 200_000;

  /**
   * A row.
   *
   * @param line where it begins, from 1
   */
  record Row(long line, List<String> fields) {}

  /**
   * Reads it.
   *
   * @throws Invalid naming the member {@code csv} if it is no such file
   */
  static OrderFile of(String csv) {
    if (csv.length() > MOST_CHARACTERS) {
      throw new Invalid("csv", "is over " + MOST_CHARACTERS + " characters");
    }
    if (!csv.lines().findFirst().orElse("").equals(Order.HEADER)) {
      throw new Invalid("csv", "does not begin with the line " + Order.HEADER);
    }
    // a row of too few or too many fields is refused by itself
    var builder = CsvReader.builder().allowMissingFields(true).allowExtraFields(true);
    try (var reader = builder.ofCsvRecord(csv)) {
      return new OrderFile(reader.stream().skip(1).map(OrderFile::row).toList());
    } catch (CsvParseException e) {
      throw new Invalid("csv", "is no CSV: a quote may be open");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(CsvRecord line) {
    return new Row(line.getStartingLineNumber(), line.getFields());
  }
}

package io.streamer.demo.data;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables from and to CSV. */
final class CsvTable {
  private CsvTable() {}

  /** Reads the orders; an empty field is null. */
  static Table read(InputStream in) throws IOException {
    try (var csv = CsvReader.builder().ofCsvRecord(in, StandardCharsets.UTF_8)) {
      var records = csv.iterator();
      var columns = List.copyOf(records.next().getFields());
      var rows = new ArrayList<List<@Nullable Object>>();
      while (records.hasNext()) {
        rows.add(row(columns, records.next()));
      }
      return new Table(columns, Collections.unmodifiableList(rows));
    }
  }

  private static List<@Nullable Object> row(List<String> columns, CsvRecord record) {
    var row = new ArrayList<@Nullable Object>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      row.add(value(columns.get(i), record.getField(i)));
    }
    return Collections.unmodifiableList(row);
  }

  private static @Nullable Object value(String column, String field) {
    if (field.isEmpty()) {
      return null;
    }
    return switch (column) {
      case Columns.QUANTITY -> Long.valueOf(field);
      case Columns.AMOUNT -> new BigDecimal(field);
      default -> field;
    };
  }

  /** Writes the header and the first rows. */
  static String write(Table table, int most) {
    var text = new StringWriter();
    try (var csv = CsvWriter.builder().build(text)) {
      csv.writeRecord(table.columns());
      table.rows().stream()
          .limit(most)
          .forEach(row -> csv.writeRecord(row.stream().map(CsvTable::field).toList()));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.toString();
  }

  private static String field(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      default -> value.toString();
    };
  }
}

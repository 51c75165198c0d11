package io.streamer.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvReportTest {
  private static final LocalDate START = LocalDate.of(2024, 2, 27);
  private static final LocalDate END = LocalDate.of(2024, 3, 2);

  @Test
  void everySaleIsALineUnderTheHeader() throws Exception {
    var report = SalesReport.of(START, END, ReportType.CUSTOM, false);
    var out = new ByteArrayOutputStream();
    var counts = new ArrayList<Integer>();
    CsvReport.write(report, out, counts::add);

    var text = out.toString(StandardCharsets.UTF_8);
    assertThat(text).endsWith("\r\n").contains("\"Tea, green\"", "\"Tray 12\"\"\"");
    var lines = read(text);
    assertThat(lines.getFirst())
        .containsExactly("date", "order", "region", "product", "quantity", "unit_price", "amount");
    var sales = lines.subList(1, lines.size());
    assertThat(sales).hasSize(report.records()).allSatisfy(line -> assertThat(line).hasSize(7));
    assertThat(counts).hasSize(report.records()).endsWith(report.records());
    assertThat(sales)
        .extracting(line -> LocalDate.parse(line.getFirst()))
        .isSorted()
        .startsWith(START)
        .endsWith(END)
        .contains(LocalDate.of(2024, 2, 29));
    assertThat(sales)
        .allSatisfy(line ->
            assertThat(new BigDecimal(line.get(6)))
                .isEqualTo(new BigDecimal(line.get(5)).multiply(new BigDecimal(line.get(4)))));
  }

  /** RFC 4180, read by hand. */
  private static List<List<String>> read(String text) {
    var lines = new ArrayList<List<String>>();
    var line = new ArrayList<String>();
    var field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\r')) {
        line.add(field.toString());
        field.setLength(0);
        if (c == '\r') {
          assertThat(text.charAt(++i)).isEqualTo('\n');
          lines.add(List.copyOf(line));
          line.clear();
        }
      } else {
        field.append(c);
      }
    }
    assertThat(line).isEmpty();
    return lines;
  }
}

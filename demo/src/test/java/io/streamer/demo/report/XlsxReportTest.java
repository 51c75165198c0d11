package io.streamer.demo.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.streamer.testtools.Workbook;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Reads the parts of the file as ECMA-376 describes them, without the library that wrote them. */
class XlsxReportTest {
  private static final LocalDate START = LocalDate.of(2024, 1, 31);
  private static final LocalDate END = START.plusDays(366);
  // of the serial numbers, from March 1900 on
  private static final LocalDate DAY_0 = LocalDate.of(1899, 12, 30);

  @Test
  void everySaleIsARowWithADateAndNumbers() throws Exception {
    var report = SalesReport.of(START, END, ReportType.CUSTOM, false);
    var sheets = Workbook.read(written(report));
    assertThat(sheets).containsOnlyKeys("Sales");

    var rows = sheets.get("Sales");
    assertThat(rows.getFirst()).containsExactlyElementsOf(ReportFormat.COLUMNS);
    var sales = rows.subList(1, rows.size());
    assertThat(sales).hasSize(report.records());
    assertThat(sales)
        .extracting(row -> DAY_0.plusDays(((Double) row.getFirst()).longValue()))
        .isSorted()
        .startsWith(START)
        .endsWith(END);
    assertThat(sales)
        .allSatisfy(row ->
            assertThat((Double) row.get(6))
                .isCloseTo((Double) row.get(4) * (Double) row.get(5), within(0.001)));
    double sum = sales.stream().mapToDouble(row -> (Double) row.get(6)).sum();
    assertThat(sum).isCloseTo(report.total().doubleValue(), within(0.01));
  }

  @Test
  void daysAreShownAsDays() throws Exception {
    var parts = parts(SalesReport.of(START, START, ReportType.CUSTOM, false));
    var cell = (Element) parts.get("xl/worksheets/sheet1.xml").getElementsByTagName("c").item(7);
    var styles = parts.get("xl/styles.xml");
    var formats = (Element) styles.getElementsByTagName("cellXfs").item(0);
    var format =
        (Element) formats.getElementsByTagName("xf").item(Integer.parseInt(cell.getAttribute("s")));
    var codes = styles.getElementsByTagName("numFmt");
    var code =
        IntStream.range(0, codes.getLength())
            .mapToObj(i -> (Element) codes.item(i))
            .filter(each -> each.getAttribute("numFmtId").equals(format.getAttribute("numFmtId")))
            .findFirst()
            .orElseThrow();
    assertThat(cell.getAttribute("r")).isEqualTo("A2");
    assertThat(code.getAttribute("formatCode")).isEqualTo("yyyy-mm-dd");
  }

  @Test
  void noReaderIsToldOfAWrongSize() throws Exception {
    var parts = parts(SalesReport.of(START, END, ReportType.CUSTOM, true));
    assertThat(parts.keySet())
        .startsWith("[Content_Types].xml")
        .contains("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml");
    for (int sheet = 1; sheet <= 2; sheet++) {
      var part = parts.get("xl/worksheets/sheet" + sheet + ".xml");
      assertThat(part.getElementsByTagName("dimension").getLength()).isZero();
    }
  }

  @Test
  void chartsAddASheetWithTheSums() throws Exception {
    var report = SalesReport.of(START, END, ReportType.QUARTERLY, true);
    var sheets = Workbook.read(written(report));
    assertThat(sheets.keySet()).containsExactly("Sales", "By quarter");
    var rows = sheets.get("By quarter");
    assertThat(rows.getFirst()).containsExactly("quarter", "amount");
    assertThat(rows.subList(1, rows.size()))
        .extracting(List::getFirst)
        .containsExactly("2024 Q1", "2024 Q2", "2024 Q3", "2024 Q4", "2025 Q1");
    double sum = rows.stream().skip(1).mapToDouble(row -> (Double) row.get(1)).sum();
    assertThat(sum).isCloseTo(report.total().doubleValue(), within(0.01));
  }

  private static byte[] written(SalesReport report) throws Exception {
    var out = new ByteArrayOutputStream();
    XlsxReport.write(report, out, _ -> {});
    return out.toByteArray();
  }

  private static Map<String, Document> parts(SalesReport report) throws Exception {
    var parts = new LinkedHashMap<String, Document>();
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    // from its start to its end, as readers do that have no file
    try (var zip = new ZipInputStream(new ByteArrayInputStream(written(report)))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        parts.put(entry.getName(), builder.parse(new ByteArrayInputStream(zip.readAllBytes())));
      }
    }
    return parts;
  }
}

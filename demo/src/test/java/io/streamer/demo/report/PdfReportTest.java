package io.streamer.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.testtools.PdfText;
import java.io.ByteArrayOutputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PdfReportTest {
  private static final LocalDate START = LocalDate.of(2025, 1, 31);
  // as many months as 367 days can touch
  private static final LocalDate END = LocalDate.of(2026, 2, 1);
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 13, 30, 366})
  void everySaleIsOnAPage(int days) throws Exception {
    var report = SalesReport.of(START, START.plusDays(days), ReportType.CUSTOM, false);
    var counts = new ArrayList<Integer>();
    var pages = pages(report, counts);

    assertThat(DATE.matcher(String.join("", pages)).results().map(MatchResult::group))
        .hasSize(report.records())
        .isSorted()
        .startsWith(START.toString())
        .endsWith(START.plusDays(days).toString());
    assertThat(counts).isSorted().endsWith(report.records());
    for (int i = 0; i < pages.size(); i++) {
      assertThat(pages.get(i))
          .contains("Sales report", "Amount", "Page " + (i + 1) + " of " + pages.size())
          .contains("31 January 2025 to ", ", " + report.records() + " records");
    }
    assertThat(pages.getLast()).containsPattern("Total +" + report.total().toPlainString());
  }

  @Test
  void chartsAddAPageOfBars() throws Exception {
    var report = SalesReport.of(START, END, ReportType.MONTHLY, true);
    var pages = pages(report, new ArrayList<>());
    assertThat(pages)
        .hasSize(
            pages(SalesReport.of(START, END, ReportType.MONTHLY, false), new ArrayList<>()).size()
                + 1);
    assertThat(pages.getLast())
        .contains("Amount by month", "Page " + pages.size() + " of " + pages.size());
    assertThat(report.byPeriod()).hasSize(14);
    report
        .byPeriod()
        .forEach(
            (month, sum) -> assertThat(pages.getLast()).contains(month, "%.0f".formatted(sum)));
  }

  private static List<String> pages(SalesReport report, List<Integer> counts) throws Exception {
    var out = new ByteArrayOutputStream();
    PdfReport.write(report, out, counts::add);
    return PdfText.pages(out.toByteArray());
  }
}

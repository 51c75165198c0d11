package io.streamer.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GenerateReportTest {
  private static final Instant NOW = Instant.parse("2025-01-31T12:00:00Z");

  private final GenerateReport handler = new GenerateReport(InstantSource.fixed(NOW));
  private final FileRun run = new FileRun();

  private static GenerateReport.Request request(String start, String end) {
    return new GenerateReport.Request(
        start, end, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @EnumSource
  void theResultDescribesTheFile(ReportFormat format) throws Exception {
    var result =
        handler.handle(
            new GenerateReport.Request(
                "2024-12-30",
                "2025-01-02",
                Optional.of(format),
                Optional.of(ReportType.ANNUAL),
                Optional.of(true)),
            run);
    int size = run.content.size();
    int records =
        (int) SalesLedger.between(LocalDate.of(2024, 12, 30), LocalDate.of(2025, 1, 2)).count();
    assertThat(result)
        .isEqualTo(
            new GenerateReport.Result(
                "https://files.test/" + run.name,
                size,
                size,
                records,
                format,
                NOW,
                FileRun.EXPIRES));
    assertThat(size).isPositive();
    assertThat(run.name).isEqualTo("sales-2024-12-30-2025-01-02." + format.extension());
    assertThat(run.contentType).isEqualTo(format.contentType());
    assertThat(run.percentages).isSorted().startsWith(0.0).contains(90.0).endsWith(100.0);
    assertThat(run.messages)
        .contains(records + " records found", records + " of " + records + " records written");
  }

  @Test
  void aReportIsAPdfUnlessAskedOtherwise() throws Exception {
    assertThat(handler.handle(request("2025-01-01", "2025-01-01"), run).format())
        .isEqualTo(ReportFormat.PDF);
    assertThat(run.content.toByteArray()).startsWith('%', 'P', 'D', 'F');
  }

  @Test
  void theSameRequestGivesTheSameRows() throws Exception {
    var csv =
        new GenerateReport.Request(
            "2025-01-01",
            "2025-02-28",
            Optional.of(ReportFormat.CSV),
            Optional.empty(),
            Optional.empty());
    var again = new FileRun();
    handler.handle(csv, run);
    handler.handle(csv, again);
    assertThat(again.content.toByteArray()).isEqualTo(run.content.toByteArray());
  }

  @Test
  void daysMayBeMoments() throws Exception {
    handler.handle(request("2025-01-02T01:00:00+05:00", "2025-01-03T23:59:59.999Z"), run);
    // in UTC the first is the day before
    assertThat(run.name).isEqualTo("sales-2025-01-01-2025-01-03.pdf");
  }

  @Test
  void aReportIsAlwaysAJob() throws Exception {
    assertThat(TestRun.of(handler).estimate(request("2025-01-01", "2025-01-01"))).hasSeconds(30);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"end_date\":\"2025-01-01\"} | /start_date | is missing",
        "{\"startDate\":\"2025-01-01\"} | /end_date | is missing",
        "{\"startDate\":\"2025-02-30\",\"endDate\":\"2025-03-01\"} | /startDate |"
            + " must be a date such as 2025-01-31 or 2025-01-31T12:00:00Z",
        "{\"start_date\":\"2025-01-01\",\"end_date\":\"2025-01-02T25:00:00Z\"} | /end_date |"
            + " must be a date such as 2025-01-31 or 2025-01-31T12:00:00Z",
        "{\"start_date\":\"1900-12-31\",\"end_date\":\"1901-01-01\"} | /start_date |"
            + " must be from 1901-01-01 to 9999-12-31",
        "{\"start_date\":20250101,\"end_date\":\"2025-01-02\"} | /start_date | must be a string",
        "{\"start_date\":\"2025-01-02\",\"end_date\":\"2025-01-01\"} | /end_date |"
            + " is before start_date",
        "{\"start_date\":\"2025-01-02T12:00:00Z\",\"end_date\":\"2025-01-02T11:59:59Z\"} |"
            + " /end_date | is before start_date",
        "{\"start_date\":\"2025-01-01\",\"end_date\":\"2026-01-03\"} | /end_date |"
            + " is more than 366 days after start_date",
        "{\"start_date\":\"2025-01-01T00:00:00Z\",\"end_date\":\"2026-01-02T00:00:01Z\"} |"
            + " /end_date | is more than 366 days after start_date",
        "{\"start_date\":\"2025-01-01\",\"end_date\":\"2025-01-02\",\"format\":\"doc\"} | /format |"
            + " must be one of pdf, csv, excel",
        "{\"start_date\":\"2025-01-01\",\"end_date\":\"2025-01-02\",\"report_type\":\"daily\"} |"
            + " /report_type | must be one of monthly, quarterly, annual, custom",
        "{\"start_date\":\"2025-01-01\",\"end_date\":\"2025-01-02\",\"include_charts\":1} |"
            + " /include_charts | must be true or false"
      })
  void theFieldThatIsWrongIsNamed(String payload, String pointer, String message) throws Exception {
    assertThat(TestRun.of(handler).runJson(payload))
        .isEqualTo(new Outcome.Invalid(List.of(new Outcome.Field(pointer, message))));
  }

  @Test
  void aRangeMayBeAsLongAsALeapYearAndADay() {
    assertThat(request("2025-01-01", "2026-01-02").endDate()).isEqualTo("2026-01-02");
    assertThat(request("2025-01-01T12:00:00Z", "2026-01-02T12:00:00Z").format()).isEmpty();
  }
}

package reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamer.test.Outcome;
import io.streamer.test.TestRun;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class SalesReportTest {
  private static final SalesReport.Request JANUARY =
      new SalesReport.Request(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 31));

  private final Register register = new Register();
  private final TestRun<SalesReport.Request> reports =
      TestRun.of(new SalesReport(new Ledger(Duration.ZERO), register));

  @Test
  void theFileHasTheSalesThatTheReportCounts() throws Exception {
    var report = reports.run(JANUARY).completed().as(SalesReport.Report.class);

    var file = reports.files().get("sales-2026-01-01-2026-01-31.csv").text();
    assertEquals(report.sales() + 1, file.lines().count());
    assertEquals(
        report.cents(),
        file.lines().skip(1).mapToLong(line -> Long.parseLong(line.split(",", -1)[2])).sum());
    assertEquals(4, report.items().size());
    assertEquals(1, report.number());
  }

  @Test
  void aReportWhoseWorkerDiedKeepsItsNumber() throws Exception {
    assertInstanceOf(Outcome.Crashed.class, reports.crashInStep("number").run(JANUARY));

    assertEquals(1, reports.next().completed().as(SalesReport.Report.class).number());
    assertEquals(2, reports.calls("number"));
    assertEquals(2, register.number("another"));
  }

  @Test
  void whatMakesNoSenseIsRefused() throws Exception {
    assertInstanceOf(
        Outcome.Invalid.class, reports.runJson("{\"from\":\"2026-02-01\",\"to\":\"2026-01-01\"}"));
    var early = new SalesReport.Request(LocalDate.of(2019, 12, 1), LocalDate.of(2020, 1, 1));
    assertEquals(
        "NO_SUCH_DAYS", assertInstanceOf(Outcome.Refused.class, reports.run(early)).reason());
    assertTrue(reports.files().isEmpty());
  }
}

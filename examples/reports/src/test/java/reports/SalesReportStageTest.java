package reports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamer.test.stage.StageExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handler in the whole of Streamer, on free ports of this machine. */
class SalesReportStageTest {
  private static final SalesReport.Request WEEK =
      new SalesReport.Request(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 1, 7));

  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Actions()).settings(Map.of("REPORTS_PACE_MS", "0"));

  @Test
  void whoeverHasTheUrlFetchesTheFile() throws Exception {
    try (var client = STAGE.as("ann", "acme", "sales:read").direct();
        var http = HttpClient.newHttpClient()) {
      var report = client.request("sales_report", WEEK).answered().as(SalesReport.Report.class);

      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(report.url())).build(), BodyHandlers.ofString());
      assertEquals(200, answer.statusCode());
      assertEquals(report.sales() + 1, answer.body().lines().count());
      assertTrue(
          answer
              .headers()
              .firstValue("Content-Disposition")
              .orElse("")
              .contains("sales-2026-01-01-2026-01-07.csv"));
    }
  }

  @Test
  void whoMayNotReadSalesGetsNoReport() {
    try (var client = STAGE.as("bob", "acme").direct()) {
      assertEquals("FORBIDDEN", client.request("sales_report", WEEK).failed().code());
    }
  }
}

package io.streamer.demo.report;

import io.streamer.handler.Action;
import io.streamer.handler.Describe;
import io.streamer.handler.Handler;
import io.streamer.handler.Invalid;
import io.streamer.handler.Run;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Writes the sales of a range of days into a file. */
@Action(value = "generate_report", expected = "30s")
public final class GenerateReport
    implements Handler<GenerateReport.Request, GenerateReport.Result> {
  private static final int MAX_DAYS = 366;
  // reading takes the first part, the outcome the last
  private static final double READ = 20;
  private static final double WRITTEN = 90;

  /**
   * What a client may ask for.
   *
   * @param startDate {@code YYYY-MM-DD} or RFC 3339; the first day
   * @param endDate the last day, at most 366 days later
   * @param format pdf unless given
   * @param reportType custom unless given: what sums are by
   * @param includeCharts false unless given
   */
  public record Request(
      @Describe(value = "the first day, or a time in it", example = "2025-01-01") String startDate,
      @Describe(value = "the last day, at most 366 days later", example = "2025-01-31")
          String endDate,
      @Describe("pdf unless given") Optional<ReportFormat> format,
      @Describe("what sums are by; custom unless given") Optional<ReportType> reportType,
      @Describe("false unless given") Optional<Boolean> includeCharts) {
    public Request {
      var start = RequestedDay.parse("startDate", startDate);
      var end = RequestedDay.parse("endDate", endDate);
      if (end.isBefore(start)) {
        throw new Invalid("endDate", "is before start_date");
      }
      if (start.plusDays(MAX_DAYS).isBefore(end)) {
        throw new Invalid("endDate", "is more than " + MAX_DAYS + " days after start_date");
      }
    }
  }

  /**
   * The file.
   *
   * @param url needs no token
   * @param size the same as sizeBytes
   * @param records the sales in it
   * @param expiresAt when the URL stops working
   */
  public record Result(
      String url,
      long sizeBytes,
      long size,
      int records,
      ReportFormat format,
      Instant generatedAt,
      Instant expiresAt) {}

  private final InstantSource clock;

  public GenerateReport(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Result handle(Request request, Run run) throws Exception {
    run.progress(0, "reading the ledger");
    var report =
        SalesReport.of(
            RequestedDay.parse("startDate", request.startDate()).date(),
            RequestedDay.parse("endDate", request.endDate()).date(),
            request.reportType().orElse(ReportType.CUSTOM),
            request.includeCharts().orElse(false));
    run.progress(READ, report.records() + " records found");
    var format = request.format().orElse(ReportFormat.PDF);
    var file =
        run.file(
            "sales-%s-%s.%s".formatted(report.start(), report.end(), format.extension()),
            format.contentType(),
            out -> {
              format.write(report, out, count -> written(run, count, report.records()));
              run.progress(WRITTEN, "storing the file");
            });
    run.progress(100, "stored " + file.sizeBytes() + " bytes");
    return new Result(
        file.url(),
        file.sizeBytes(),
        file.sizeBytes(),
        report.records(),
        format,
        clock.instant(),
        file.expiresAt());
  }

  private static void written(Run run, int count, int records) {
    run.progress(
        READ + (WRITTEN - READ) * count / records, count + " of " + records + " records written");
  }
}

package io.streamer.demo.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.IntConsumer;

/** The kinds of file; each names its library's classes only where it writes. */
enum ReportFormat {
  PDF("pdf", "application/pdf"),
  CSV("csv", "text/csv; charset=utf-8"),
  EXCEL("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

  static final List<String> COLUMNS =
      List.of("date", "order", "region", "product", "quantity", "unit_price", "amount");

  private final String extension;
  private final String contentType;

  ReportFormat(String extension, String contentType) {
    this.extension = extension;
    this.contentType = contentType;
  }

  String extension() {
    return extension;
  }

  String contentType() {
    return contentType;
  }

  /**
   * Writes the whole file and leaves the stream open.
   *
   * @param written takes how many records are written so far
   */
  void write(SalesReport report, OutputStream out, IntConsumer written) throws IOException {
    switch (this) {
      case PDF -> PdfReport.write(report, out, written);
      case CSV -> CsvReport.write(report, out, written);
      case EXCEL -> XlsxReport.write(report, out, written);
    }
  }
}

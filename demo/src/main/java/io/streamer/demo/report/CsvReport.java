package io.streamer.demo.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.IntConsumer;

/** One header line and one line a sale, as RFC 4180 has it. */
final class CsvReport {
  private CsvReport() {}

  static void write(SalesReport report, OutputStream out, IntConsumer written) throws IOException {
    // not closed: that would close the stream, which is the caller's
    var csv = CsvWriter.builder().build(out);
    csv.writeRecord(ReportFormat.COLUMNS);
    int count = 0;
    for (var sale : (Iterable<Sale>) report.sales()::iterator) {
      csv.writeRecord(
          sale.date().toString(),
          sale.order(),
          sale.region(),
          sale.product(),
          Integer.toString(sale.quantity()),
          sale.unitPrice().toPlainString(),
          sale.amount().toPlainString());
      written.accept(++count);
    }
    csv.flush();
  }
}

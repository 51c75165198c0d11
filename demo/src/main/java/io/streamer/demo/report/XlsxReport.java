package io.streamer.demo.report;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.function.IntConsumer;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** A sheet with one row a sale; with charts, a second one with the sums to draw them from. */
final class XlsxReport {
  private static final String DATE = "yyyy-mm-dd";
  private static final String MONEY = "#,##0.00";
  private static final int FLUSH_ROWS = 500;

  private XlsxReport() {}

  static void write(SalesReport report, OutputStream out, IntConsumer written) throws IOException {
    var draft = Files.createTempFile("report", ".xlsx");
    try {
      try (var file = new BufferedOutputStream(Files.newOutputStream(draft));
          var workbook = new Workbook(file, "Streamer", "1.0")) {
        sales(workbook.newWorksheet("Sales"), report, written);
        if (report.charts()) {
          sums(workbook.newWorksheet("By " + report.type().periodName()), report);
        }
      }
      XlsxPackage.copy(draft, out);
    } finally {
      Files.delete(draft);
    }
  }

  private static void sales(Worksheet sheet, SalesReport report, IntConsumer written)
      throws IOException {
    header(sheet, ReportFormat.COLUMNS.toArray(String[]::new));
    sheet.width(1, 14);
    sheet.width(3, 16);
    int row = 0;
    for (var sale : (Iterable<Sale>) report.sales()::iterator) {
      row++;
      sheet.value(row, 0, sale.date());
      sheet.style(row, 0).format(DATE).set();
      sheet.value(row, 1, sale.order());
      sheet.value(row, 2, sale.region());
      sheet.value(row, 3, sale.product());
      sheet.value(row, 4, sale.quantity());
      sheet.value(row, 5, sale.unitPrice());
      sheet.style(row, 5).format(MONEY).set();
      sheet.value(row, 6, sale.amount());
      sheet.style(row, 6).format(MONEY).set();
      if (row % FLUSH_ROWS == 0) {
        sheet.flush();
      }
      written.accept(row);
    }
    sheet.finish();
  }

  private static void sums(Worksheet sheet, SalesReport report) throws IOException {
    header(sheet, report.type().periodName(), "amount");
    int row = 0;
    for (var sum : report.byPeriod().entrySet()) {
      row++;
      sheet.value(row, 0, sum.getKey());
      sheet.value(row, 1, sum.getValue());
      sheet.style(row, 1).format(MONEY).set();
    }
    sheet.finish();
  }

  private static void header(Worksheet sheet, String... columns) {
    sheet.freezePane(0, 1);
    for (int column = 0; column < columns.length; column++) {
      sheet.value(0, column, columns[column]);
      sheet.style(0, column).bold().set();
      sheet.width(column, 12);
    }
  }
}

package io.streamer.demo.report;

import io.streamer.demo.report.PdfPage.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.apache.pdfbox.pdmodel.PDDocument;

/** A table over numbered pages; with charts, a last page of bars. */
final class PdfReport {
  private static final float MARGIN = 50;
  private static final float LINE = 14;
  private static final float SIZE = 9;
  private static final float TITLE_SIZE = 16;
  private static final float TOP = PdfPage.HEIGHT - MARGIN;
  private static final float TABLE_WIDTH = PdfPage.WIDTH - 2 * MARGIN;
  // the title and the line under it on every page, the header, and the footer below the margin
  private static final float TABLE_TOP = TOP - 4 * LINE;
  private static final int ROWS = (int) ((TABLE_TOP - MARGIN) / LINE) - 1;
  private static final String COLUMNS = "%-10s  %-11s  %-6s  %-22s  %8s  %10s  %12s";
  private static final float STRIPE = 0.94f;
  private static final float BAR = 0.35f;
  // in words: in figures, only the table has whole dates
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

  private final SalesReport report;
  private final PDDocument document;
  private final int pages;
  private int page;

  private PdfReport(SalesReport report, PDDocument document) {
    this.report = report;
    this.document = document;
    // the total is a row too
    this.pages = report.records() / ROWS + 1 + (report.charts() ? 1 : 0);
  }

  static void write(SalesReport report, OutputStream out, IntConsumer written) throws IOException {
    try (var document = new PDDocument()) {
      document.getDocumentInformation().setTitle("Sales report");
      var pdf = new PdfReport(report, document);
      pdf.table(written);
      if (report.charts()) {
        pdf.chart();
      }
      document.save(out);
    }
  }

  private void table(IntConsumer written) throws IOException {
    var sales = report.sales().iterator();
    int count = 0;
    boolean ended = false;
    while (!ended) {
      try (var drawn = page()) {
        drawn.text(
            Font.BOLD,
            SIZE,
            MARGIN,
            TABLE_TOP,
            COLUMNS.formatted(
                "Date", "Order", "Region", "Product", "Quantity", "Unit price", "Amount"));
        int rows = rows(drawn, sales);
        count += rows;
        ended = rows < ROWS;
        if (ended) {
          total(drawn, TABLE_TOP - (rows + 1) * LINE);
        }
      }
      written.accept(count);
    }
  }

  /** Fills a page as far as there are sales. */
  private static int rows(PdfPage drawn, Iterator<Sale> sales) throws IOException {
    int rows = 0;
    while (rows < ROWS && sales.hasNext()) {
      var sale = sales.next();
      float y = TABLE_TOP - ++rows * LINE;
      if (rows % 2 == 0) {
        drawn.fill(STRIPE, MARGIN, y - LINE / 4, TABLE_WIDTH, LINE);
      }
      drawn.text(
          Font.PLAIN,
          SIZE,
          MARGIN,
          y,
          COLUMNS.formatted(
              sale.date(),
              sale.order(),
              sale.region(),
              sale.product(),
              sale.quantity(),
              sale.unitPrice().toPlainString(),
              sale.amount().toPlainString()));
    }
    return rows;
  }

  private void total(PdfPage drawn, float y) throws IOException {
    drawn.text(
        Font.BOLD,
        SIZE,
        MARGIN,
        y,
        COLUMNS.formatted("Total", "", "", "", "", "", report.total().toPlainString()));
  }

  private void chart() throws IOException {
    try (var drawn = page()) {
      drawn.text(Font.BOLD, SIZE, MARGIN, TABLE_TOP, "Amount by " + report.type().periodName());
      float slot = TABLE_WIDTH / report.byPeriod().size();
      float most =
          report.byPeriod().values().stream().reduce(BigDecimal.ONE, BigDecimal::max).floatValue();
      float base = MARGIN + 2 * LINE;
      float room = TABLE_TOP - base - 3 * LINE;
      float x = MARGIN;
      for (var sum : report.byPeriod().entrySet()) {
        float height = room * sum.getValue().floatValue() / most;
        drawn.fill(BAR, x + slot * 0.15f, base, slot * 0.7f, height);
        label(drawn, x, slot, base - LINE, sum.getKey());
        label(drawn, x, slot, base + height + LINE / 2, "%.0f".formatted(sum.getValue()));
        x += slot;
      }
    }
  }

  /** Writes a text into the middle of a bar's slot. */
  private static void label(PdfPage drawn, float x, float slot, float y, String text)
      throws IOException {
    float size = SIZE - 2;
    float indent = (slot - text.length() * size * PdfPage.CHARACTER) / 2;
    drawn.text(Font.PLAIN, size, x + indent, y, text);
  }

  /** The next page, with what stands on each. */
  private PdfPage page() throws IOException {
    var drawn = new PdfPage(document);
    page++;
    drawn.text(Font.BOLD, TITLE_SIZE, MARGIN, TOP - LINE, "Sales report");
    drawn.text(
        Font.PLAIN,
        SIZE,
        MARGIN,
        TOP - 2 * LINE - 2,
        "%s to %s, %d records"
            .formatted(report.start().format(DAY), report.end().format(DAY), report.records()));
    drawn.text(Font.PLAIN, SIZE, MARGIN, MARGIN - 2 * LINE, "Page %d of %d".formatted(page, pages));
    return drawn;
  }
}

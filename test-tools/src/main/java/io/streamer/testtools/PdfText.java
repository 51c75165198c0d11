package io.streamer.testtools;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdfparser.PDFParser;
import org.apache.pdfbox.text.PDFTextStripper;

/** Reads what a PDF file shows, page by page. */
public final class PdfText {
  private PdfText() {}

  /**
   * The texts of each page in the order in which they are shown.
   *
   * @throws IOException if it is no PDF file, or one that only a lenient reader takes
   */
  public static List<String> pages(byte[] file) throws IOException {
    try (var document = new PDFParser(new RandomAccessReadBuffer(file)).parse(false)) {
      var pages = new ArrayList<String>();
      for (int page = 1; page <= document.getNumberOfPages(); page++) {
        var reader = new PDFTextStripper();
        reader.setStartPage(page);
        reader.setEndPage(page);
        pages.add(reader.getText(document));
      }
      return pages;
    }
  }
}

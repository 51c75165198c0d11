package io.streamer.demo.report;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSFloat;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdfwriter.ContentStreamWriter;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;

/**
 * Draws on one A4 page, in points from its lower left corner. It writes the operators itself: the
 * library's own page writer wants font objects, which search the system's font folders and leave a
 * cache in the user's home, and the fonts used here are known to every reader.
 */
final class PdfPage implements AutoCloseable {
  static final float WIDTH = PDRectangle.A4.getWidth();
  static final float HEIGHT = PDRectangle.A4.getHeight();

  /** How wide a character of {@link Font#PLAIN} and {@link Font#BOLD} is, in parts of its size. */
  static final float CHARACTER = 0.6f;

  /** Fonts of one width, so that columns are spaces. */
  enum Font {
    PLAIN("Courier"),
    BOLD("Courier-Bold");

    private final String base;

    Font(String base) {
      this.base = base;
    }

    private COSName key() {
      return COSName.getPDFName(name());
    }

    private COSDictionary dictionary() {
      var font = new COSDictionary();
      font.setItem(COSName.TYPE, COSName.FONT);
      font.setItem(COSName.SUBTYPE, COSName.TYPE1);
      font.setName(COSName.BASE_FONT, base);
      font.setItem(COSName.ENCODING, COSName.WIN_ANSI_ENCODING);
      return font;
    }
  }

  private final OutputStream content;
  private final ContentStreamWriter writer;

  PdfPage(PDDocument document) throws IOException {
    var page = new PDPage(PDRectangle.A4);
    document.addPage(page);
    page.setResources(resources());
    var stream = new PDStream(document);
    page.setContents(stream);
    content = stream.createOutputStream(COSName.FLATE_DECODE);
    writer = new ContentStreamWriter(content);
  }

  private static PDResources resources() {
    var fonts = new COSDictionary();
    for (var font : Font.values()) {
      fonts.setItem(font.key(), font.dictionary());
    }
    var resources = new COSDictionary();
    resources.setItem(COSName.FONT, fonts);
    return new PDResources(resources);
  }

  /**
   * Writes one line.
   *
   * @param text in ASCII
   */
  void text(Font font, float size, float x, float y, String text) throws IOException {
    operator("BT");
    operator("Tf", font.key(), new COSFloat(size));
    operator("Td", new COSFloat(x), new COSFloat(y));
    operator("Tj", new COSString(text));
    operator("ET");
  }

  /**
   * Fills a rectangle.
   *
   * @param grey 0 black to 1 white
   */
  void fill(float grey, float x, float y, float width, float height) throws IOException {
    operator("q");
    operator("g", new COSFloat(grey));
    operator("re", new COSFloat(x), new COSFloat(y), new COSFloat(width), new COSFloat(height));
    operator("f");
    operator("Q");
  }

  private void operator(String name, COSBase... operands) throws IOException {
    for (var operand : operands) {
      writer.writeToken(operand);
    }
    writer.writeToken(Operator.getOperator(name));
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}

package io.streamer.testtools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads what a PDF file shows, page by page, as ISO 32000-2 describes it: from its cross-reference
 * stream over the tree of pages to their contents. For files of which every stream is plain or
 * deflated and every text is in a simple encoding.
 */
public final class PdfText {
  private record Place(int kind, int first, int second) {}

  private final byte[] file;
  private final Map<Integer, Place> places = new HashMap<>();
  private final List<String> pages = new ArrayList<>();

  private PdfText(byte[] file) {
    this.file = file;
  }

  /**
   * The texts of each page in the order in which they are shown, each in a line of its own.
   *
   * @throws IllegalArgumentException if it is no such file
   */
  public static List<String> pages(byte[] file) {
    var text = new String(file, ISO_8859_1);
    int end = text.lastIndexOf("startxref");
    if (!text.startsWith("%PDF-") || end < 0) {
      throw new IllegalArgumentException("no PDF file");
    }
    var reader = new PdfText(file);
    int at = ((Double) new PdfTokens(file, end + "startxref".length()).next()).intValue();
    reader.read(reader.crossReferences(at));
    return List.copyOf(reader.pages);
  }

  private void read(Map<?, ?> trailer) {
    visit(dictionary(in(dictionary(in(trailer, "Root")), "Pages")));
  }

  private void visit(Map<?, ?> node) {
    if (new PdfTokens.Name("Page").equals(node.get("Type"))) {
      pages.add(shown(stream(in(node, "Contents"))));
      return;
    }
    int before = pages.size();
    for (var kid : (List<?>) resolved(in(node, "Kids"))) {
      visit(dictionary(kid));
    }
    if (pages.size() - before != number(in(node, "Count"))) {
      throw new IllegalArgumentException("a wrong count of pages");
    }
  }

  private static String shown(byte[] contents) {
    var tokens = new PdfTokens(contents, 0);
    var lines = new StringBuilder();
    Object before = "";
    for (var token = tokens.next(); !token.equals(PdfTokens.END); token = tokens.next()) {
      if (token.equals(new PdfTokens.Word("Tj"))) {
        lines.append(((PdfTokens.Text) before).value()).append('\n');
      }
      before = token;
    }
    return lines.toString();
  }

  private Map<?, ?> crossReferences(int at) {
    var stream = at(at);
    var dictionary = (Map<?, ?>) stream.value;
    if (!new PdfTokens.Name("XRef").equals(dictionary.get("Type"))
        || dictionary.containsKey("Prev")) {
      throw new IllegalArgumentException("no cross-reference stream of all objects");
    }
    var widths = (List<?>) in(dictionary, "W");
    var index =
        dictionary.get("Index") instanceof List<?> given
            ? given
            : List.of(0.0, in(dictionary, "Size"));
    var table = stream.content;
    int next = 0;
    for (int part = 0; part < index.size(); part += 2) {
      int from = number(index.get(part));
      for (int i = from; i < from + number(index.get(part + 1)); i++) {
        var fields = new int[3];
        for (int field = 0; field < 3; field++) {
          for (int left = number(widths.get(field)); left > 0; left--) {
            fields[field] = (fields[field] << 8) | (table[next++] & 0xff);
          }
        }
        places.put(i, new Place(fields[0], fields[1], fields[2]));
      }
    }
    return dictionary;
  }

  /** An object and, of a stream, its content. */
  private static final class Read {
    private final Object value;
    private final byte[] content;

    Read(Object value, byte[] content) {
      this.value = value;
      this.content = content;
    }
  }

  private Object resolved(Object value) {
    return value instanceof PdfTokens.Reference(int object) ? object(object).value : value;
  }

  private Map<?, ?> dictionary(Object value) {
    return (Map<?, ?>) resolved(value);
  }

  private byte[] stream(Object value) {
    return object(((PdfTokens.Reference) value).object()).content;
  }

  private Read object(int object) {
    var place = places.getOrDefault(object, new Place(0, 0, 0));
    return switch (place.kind()) {
      case 1 -> at(place.first());
      case 2 -> within(place.first(), place.second());
      default -> throw new IllegalArgumentException("no object " + object);
    };
  }

  private Read at(int offset) {
    var tokens = new PdfTokens(file, offset);
    var number = tokens.next();
    var generation = tokens.next();
    if (!(number instanceof Double)
        || !(generation instanceof Double)
        || !tokens.next().equals(new PdfTokens.Word("obj"))) {
      throw new IllegalArgumentException("no object at " + offset);
    }
    var value = tokens.next();
    if (!tokens.next().equals(new PdfTokens.Word("stream"))) {
      return new Read(value, new byte[0]);
    }
    var dictionary = (Map<?, ?>) value;
    var raw = tokens.bytes(number(resolved(in(dictionary, "Length"))));
    return new Read(value, dictionary.containsKey("Filter") ? inflated(dictionary, raw) : raw);
  }

  private Read within(int streamObject, int index) {
    var stream = object(streamObject);
    var dictionary = (Map<?, ?>) stream.value;
    var header = new PdfTokens(stream.content, 0);
    int offset = 0;
    for (int i = 0; i <= index; i++) {
      header.next();
      offset = number(header.next());
    }
    int first = number(in(dictionary, "First"));
    return new Read(new PdfTokens(stream.content, first + offset).next(), new byte[0]);
  }

  private static byte[] inflated(Map<?, ?> dictionary, byte[] raw) {
    var filter = dictionary.get("Filter");
    var deflate = new PdfTokens.Name("FlateDecode");
    if (!(deflate.equals(filter) || List.of(deflate).equals(filter))
        || dictionary.containsKey("DecodeParms")) {
      throw new IllegalArgumentException("a stream that is not only deflated: " + dictionary);
    }
    try (var inflater = new Inflater()) {
      inflater.setInput(raw);
      var out = new ByteArrayOutputStream();
      var buffer = new byte[8_192];
      while (!inflater.finished()) {
        int read = inflater.inflate(buffer);
        if (read == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new IllegalArgumentException("a stream that ends early");
        }
        out.write(buffer, 0, read);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a stream that is not deflated", e);
    }
  }

  private static Object in(Map<?, ?> dictionary, String key) {
    return requireNonNull(dictionary.get(key), key);
  }

  private static int number(Object value) {
    return ((Double) value).intValue();
  }
}

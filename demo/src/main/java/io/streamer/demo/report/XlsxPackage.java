package io.streamer.demo.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Packs a workbook again, for readers that take it at its word: the library says of every sheet
 * that it ends at its first cell, and writes sizes that cannot be read from a stream.
 */
final class XlsxPackage {
  private static final String SHEETS = "xl/worksheets/";
  // optional in ECMA-376, part 1, 18.3.1.35
  private static final String WRONG_DIMENSION = "<dimension ref=\"A1\"/>";

  private XlsxPackage() {}

  /** Copies every part, [Content_Types].xml first, and leaves the stream open. */
  static void copy(Path draft, OutputStream out) throws IOException {
    try (var parts = new ZipFile(draft.toFile())) {
      var copy = new ZipOutputStream(out);
      for (var part : parts.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
        copy.putNextEntry(new ZipEntry(part.getName()));
        try (var in = parts.getInputStream(part)) {
          var content = in.readAllBytes();
          copy.write(part.getName().startsWith(SHEETS) ? sheet(content) : content);
        }
        copy.closeEntry();
      }
      copy.finish();
    }
  }

  private static byte[] sheet(byte[] content) {
    return new String(content, StandardCharsets.UTF_8)
        .replace(WRONG_DIMENSION, "")
        .getBytes(StandardCharsets.UTF_8);
  }
}

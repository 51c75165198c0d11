package io.streamer.shared.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A document that a setting gives: the path of a file, or the text itself, since not every place
 * that runs containers can put files into them.
 */
public sealed interface Document {
  /** The largest that is read. */
  long MOST_BYTES = 1024 * 1024;

  /**
   * A file, in UTF-8.
   *
   * @param path read when it is needed
   */
  record InFile(Path path) implements Document {
    /**
     * @throws IOException if it cannot be read as UTF-8 text
     */
    @Override
    public String text() throws IOException {
      if (Files.size(path) > MOST_BYTES) {
        throw new TooLargeException();
      }
      return Files.readString(path, StandardCharsets.UTF_8);
    }
  }

  /** The text itself. */
  record Inline(String text) implements Document {}

  /** The file has more than {@link #MOST_BYTES}. */
  final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private TooLargeException() {
      super("it is larger than 1 MiB");
    }
  }

  /** What it says. */
  String text() throws IOException;

  /** The value itself if it begins as JSON or PEM does, else the file of that name. */
  static Document of(String value) {
    return isText(value) ? new Inline(value) : new InFile(Path.of(value));
  }

  /** Whether the value begins as JSON or PEM does, and as hardly a path does. */
  static boolean isText(String value) {
    var begin = value.stripLeading();
    return begin.startsWith("{") || begin.startsWith("[") || begin.startsWith("-----BEGIN");
  }
}

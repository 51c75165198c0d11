package io.streamer.shared.protocol;

/** Looks at JSON in UTF-8 where it stands. */
public final class JsonText {
  private JsonText() {}

  /**
   * Whether it is one value and nothing else, well formed to its last byte.
   *
   * @param mostDepth how deep objects and arrays may nest
   */
  public static boolean isValue(byte[] utf8, int mostDepth) {
    var json = new JsonScanner(utf8);
    try {
      // a byte order mark may begin a text, and no value within one
      if (utf8.length == 0 || utf8[0] < 0) {
        return false;
      }
      json.skip();
      return json.atEnd() && json.takeDeepest() <= mostDepth;
    } catch (NotJson _) {
      return false;
    }
  }
}

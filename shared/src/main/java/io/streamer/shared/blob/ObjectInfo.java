package io.streamer.shared.blob;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What an object is, beside its bytes.
 *
 * @param name what the client's file is called
 */
record ObjectInfo(String name, String type) {

  /**
   * RFC 6266: to be saved and not shown, so that a page in a file never runs as one of the
   * bucket's. The plain name is for old clients, the other one is the real one.
   */
  String disposition() {
    var plain = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> plain.appendCodePoint(c < ' ' || c > '~' || "\"\\%".indexOf(c) >= 0 ? '_' : c));
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded();
  }

  /** RFC 8187. */
  private String encoded() {
    var text = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x7f && (Character.isLetterOrDigit(c) || "!#$&+-.^_`|~".indexOf(c) >= 0)) {
        text.append(c);
      } else {
        text.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return text.toString();
  }
}

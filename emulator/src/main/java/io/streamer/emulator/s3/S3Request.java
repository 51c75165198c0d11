package io.streamer.emulator.s3;

import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request to S3, read from its raw target: what was signed is the bytes behind the escapes.
 *
 * @param path decoded; starts with a slash
 * @param query decoded, the last of a name counts
 * @param headers by lower-case name, several values joined by commas
 */
record S3Request(
    String method, String path, Map<String, String> query, Map<String, String> headers) {

  static S3Request of(HttpServerRequest request) {
    var target = request.uri();
    int mark = target.indexOf('?');
    var query = new TreeMap<String, String>();
    if (mark >= 0) {
      for (var pair : target.substring(mark + 1).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (!pair.isEmpty()) {
          query.put(
              decoded(equals < 0 ? pair : pair.substring(0, equals)),
              equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
      }
    }
    var headers = new TreeMap<String, String>();
    request
        .headers()
        .forEach((name, value) ->
            headers.merge(name.toLowerCase(Locale.ROOT), value.strip(), (a, b) -> a + "," + b));
    var path = decoded(mark < 0 ? target : target.substring(0, mark));
    return new S3Request(request.method().name(), path, query, headers);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  String bucket() {
    int end = path.indexOf('/', 1);
    return end < 0 ? path.substring(1) : path.substring(1, end);
  }

  /** Empty if the request is for the bucket itself. */
  String key() {
    int end = path.indexOf('/', 1);
    return end < 0 ? "" : path.substring(end + 1);
  }

  /** What the signature covers; the path of S3 is encoded once. */
  static String encoded(String text, boolean path) {
    var encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) {
        encoded.append(c);
      } else if (path && c == '/') {
        encoded.append(c);
      } else {
        encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  /** A plus stays one: S3's escapes are not a form's. */
  private static String decoded(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    var raw = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        bytes.write(raw[i]);
        continue;
      }
      int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw S3Error.refused(400, "InvalidURI", "Couldn't parse the specified URI.");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

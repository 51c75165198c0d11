package io.streamer.emulator.s3;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The content that a request carries: the SDKs send it in signed chunks with a checksum behind.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html">
 *     chunks and trailers</a>
 */
final class S3Body {
  private static final String CRC32_HEADER = "x-amz-checksum-crc32";

  private S3Body() {}

  /**
   * The content.
   *
   * @throws S3Error.Refused if a checksum does not fit or the chunks are none
   */
  static Buffer content(S3Request request, Buffer body) {
    var declared = request.header("x-amz-content-sha256").orElse("UNSIGNED-PAYLOAD");
    if (declared.startsWith("STREAMING-")) {
      return unchunked(body);
    }
    if (!declared.equals("UNSIGNED-PAYLOAD") && !declared.equals(sha256(body))) {
      throw S3Error.refused(
          400,
          "XAmzContentSHA256Mismatch",
          "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    checkCrc32(body, request.header(CRC32_HEADER).orElse(null));
    return body;
  }

  private static Buffer unchunked(Buffer body) {
    var content = Buffer.buffer(body.length());
    int at = 0;
    while (true) {
      var head = line(body, at);
      at += head.length() + 2;
      int semicolon = head.indexOf(';');
      int length = hex(semicolon < 0 ? head : head.substring(0, semicolon));
      if (length == 0) {
        break;
      }
      if (length > body.length() - at - 2) {
        throw incomplete();
      }
      content.appendBuffer(body, at, length);
      at += length + 2;
    }
    while (at < body.length()) {
      var trailer = line(body, at);
      at += trailer.length() + 2;
      if (trailer.startsWith(CRC32_HEADER + ":")) {
        checkCrc32(content, trailer.substring(CRC32_HEADER.length() + 1).strip());
      }
    }
    return content;
  }

  private static String line(Buffer body, int from) {
    for (int i = from; i + 1 < body.length(); i++) {
      if (body.getByte(i) == '\r' && body.getByte(i + 1) == '\n') {
        return body.getString(from, i, StandardCharsets.ISO_8859_1.name());
      }
    }
    throw incomplete();
  }

  private static int hex(String text) {
    try {
      int length = Integer.parseInt(text, 16);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException _) {
      // answered below, like a negative length
    }
    throw incomplete();
  }

  private static S3Error.Refused incomplete() {
    return S3Error.refused(400, "IncompleteBody", "The request body is not in chunks as declared.");
  }

  private static void checkCrc32(Buffer content, @Nullable String expected) {
    if (expected == null) {
      return;
    }
    var crc = new CRC32();
    crc.update(content.getBytes());
    var actual =
        Base64.getEncoder()
            .encodeToString(Buffer.buffer().appendInt((int) crc.getValue()).getBytes());
    if (!actual.equals(expected)) {
      throw S3Error.refused(
          400, "BadDigest", "The CRC32 you specified did not match the calculated checksum.");
    }
  }

  private static String sha256(Buffer body) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(body.getBytes()));
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm, e);
    }
  }
}

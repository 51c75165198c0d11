package io.streamer.shared.dynamo;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What came back over HTTP, whole. */
public final class StoreReply {
  /** The service gives 16 MB of items at most; in base64 and with escapes they are longer. */
  public static final int MOST_BYTES = 32 * 1024 * 1024;

  private final int status;
  private final @Nullable String errorType;
  private final @Nullable String crc32;
  private final @Nullable String date;
  private final byte[] body;

  /**
   * Of an answer.
   *
   * @param errorType the header {@code x-amzn-ErrorType}
   * @param crc32 the header {@code x-amz-crc32}: a checksum of the body, in decimal
   * @param date the header {@code Date}: what time it is there
   * @param body not copied
   */
  public StoreReply(
      int status,
      @Nullable String errorType,
      @Nullable String crc32,
      @Nullable String date,
      byte[] body) {
    this.status = status;
    this.errorType = errorType;
    this.crc32 = crc32;
    this.date = date;
    this.body = body;
  }

  int status() {
    return status;
  }

  @Nullable String errorType() {
    return errorType;
  }

  @Nullable String date() {
    return date;
  }

  byte[] body() {
    return body;
  }

  /** Whether the body is the one that was sent, as far as the service says. */
  boolean intact() {
    if (crc32 == null) {
      return true;
    }
    var sum = new CRC32();
    sum.update(body);
    return Long.toString(sum.getValue()).equals(crc32.strip());
  }
}

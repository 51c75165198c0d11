package io.streamer.shared.aws;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What came back over HTTP to an {@link HttpCall}. */
public final class HttpReply {
  private final int status;
  private final @Nullable String errorType;
  private final @Nullable String crc32;
  private final @Nullable String date;
  private final byte[] body;
  private final boolean cut;

  /** Headers of an answer by their names. */
  @FunctionalInterface
  public interface Headers {
    /** Null if it has none of that name. */
    @Nullable String get(String name);
  }

  /**
   * Of an answer.
   *
   * @param body not copied
   * @param cut whether there is more of it than is read
   */
  public HttpReply(int status, Headers headers, byte[] body, boolean cut) {
    this.status = status;
    this.errorType = headers.get("x-amzn-ErrorType");
    this.crc32 = headers.get("x-amz-crc32");
    this.date = headers.get("Date");
    this.body = body;
    this.cut = cut;
  }

  public int status() {
    return status;
  }

  /** The service's name for what is wrong, if a header has it. */
  public @Nullable String errorType() {
    return errorType;
  }

  /** What time it is there, as a header has it. */
  public @Nullable String date() {
    return date;
  }

  public byte[] body() {
    return body;
  }

  /** Whether there is more of the body than was read. */
  public boolean isCut() {
    return cut;
  }

  /** Whether the body is the one that was sent, as far as the service says. */
  public boolean isIntact() {
    if (crc32 == null) {
      return true;
    }
    var sum = new CRC32();
    sum.update(body);
    return Long.toString(sum.getValue()).equals(crc32.strip());
  }
}

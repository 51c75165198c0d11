package io.streamer.shared.job;

import io.streamer.handler.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A job's name in the whole deployment. It is derived from who asked and under which id, so that a
 * request sent twice meets its own job.
 */
public record JobId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{27}");
  private static final int ID_BYTES = 20;

  /** The parts of the {@code due} index. */
  public static final int DUE_SHARDS = 16;

  /** The job of this user's request with this id. */
  public static JobId of(String tenant, String user, String id) {
    return new JobId(new Digest().add(tenant).add(user).add(id).text(ID_BYTES));
  }

  /**
   * What tells a request sent again from another one under the same id.
   *
   * @param payload its bytes count as they came: the same JSON written otherwise is another request
   */
  public static String hash(String action, RawJson payload) {
    return new Digest().add(action).add(payload.utf8()).text(32);
  }

  /** Whether {@link #of} could have made it; clients send what they like. */
  public boolean wellFormed() {
    return FORM.matcher(value).matches();
  }

  /** The part of the {@code due} index that the job stands in, 0 to 15. */
  public int dueShard() {
    var digest = Digest.sha256().digest(value.getBytes(StandardCharsets.UTF_8));
    return Byte.toUnsignedInt(digest[0]) % DUE_SHARDS;
  }

  @Override
  public String toString() {
    return value;
  }
}

package io.streamer.shared.blob;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.time.Duration;
import java.util.Optional;

/**
 * Where files and large results go.
 *
 * @param bucket empty if there is no object store
 * @param ttl how long a URL works, up to the 7 days that a signature lasts
 * @param inlineBytes how much JSON a result has at most that does not go there
 */
public record BlobSettings(Optional<String> bucket, Duration ttl, int inlineBytes) {
  /** What goes there at less than this costs more than a row of the same size. */
  private static final int LEAST_INLINE_BYTES = 1_024;

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
  private static final Duration LONGEST = Duration.ofDays(7);

  /**
   * Reads all of them.
   *
   * @throws SettingsException if a setting is out of range, or lacks the bucket that it needs
   */
  public static BlobSettings read(Environment environment) {
    var ttl = environment.positive(Setting.FILE_TTL);
    if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(LONGEST) > 0) {
      throw new SettingsException("the setting " + Setting.FILE_TTL + " is 1s to 7d, not " + ttl);
    }
    var bucket = environment.find(Setting.BUCKET);
    int most = Results.MOST_INLINE_BYTES;
    int inline = environment.whole(Setting.INLINE_RESULT_BYTES, LEAST_INLINE_BYTES, most);
    if (inline < most && bucket.isEmpty()) {
      throw new SettingsException(
          "the setting "
              + Setting.INLINE_RESULT_BYTES
              + " needs "
              + Setting.BUCKET
              + ", where larger results go");
    }
    return new BlobSettings(bucket, ttl, inline);
  }
}

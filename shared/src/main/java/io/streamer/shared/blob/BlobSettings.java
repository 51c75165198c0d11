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
 */
public record BlobSettings(Optional<String> bucket, Duration ttl) {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
  private static final Duration LONGEST = Duration.ofDays(7);

  /**
   * Reads all of them.
   *
   * @throws SettingsException if a setting is out of range
   */
  public static BlobSettings read(Environment environment) {
    var ttl = environment.positive(Setting.FILE_TTL);
    if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(LONGEST) > 0) {
      throw new SettingsException("the setting " + Setting.FILE_TTL + " is 1s to 7d, not " + ttl);
    }
    return new BlobSettings(environment.find(Setting.BUCKET), ttl);
  }
}

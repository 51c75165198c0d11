package io.streamer.shared.store;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.Tables;
import java.time.Duration;

/** Which tables there are and how long things take in them: the same for gateway and worker. */
public record StoreSettings(Tables tables, JobLimits limits, Transport transport) {
  private static final Duration LEAST_LEASE = Duration.ofSeconds(5);

  /**
   * Reads all of them.
   *
   * @throws SettingsException if a setting is out of range
   */
  public static StoreSettings read(Environment environment) {
    var lease = environment.positive(Setting.LEASE);
    if (lease.compareTo(LEAST_LEASE) < 0) {
      throw new SettingsException("the setting " + Setting.LEASE + " is at least 5s, not " + lease);
    }
    return new StoreSettings(
        new Tables(environment.text(Setting.TABLE_PREFIX)),
        new JobLimits(
            lease,
            environment.positive(Setting.SUBMIT_DUE),
            environment.positive(Setting.JOB_RETENTION)),
        Transport.read(environment, Setting.STORE_TRANSPORT));
  }
}

package io.streamer.gateway.job;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import java.time.Duration;

/**
 * How jobs are looked after.
 *
 * @param beat between two of a task's heartbeats: after three missed ones its jobs are others'
 * @param every between two looks for jobs that are due
 * @param grace for an owner to come back whose job is cancelled otherwise
 */
public record DispatchSettings(Duration beat, Duration every, Duration grace) {
  /** For three of them nobody looks after what a dead task had; for six its sockets are tried. */
  private static final Duration LONGEST_BEAT = Duration.ofSeconds(15);

  /**
   * Reads all of them.
   *
   * @throws SettingsException if one is out of range
   */
  public static DispatchSettings read(Environment environment) {
    var beat = environment.positive(Setting.NODE_BEAT);
    if (beat.compareTo(LONGEST_BEAT) > 0) {
      throw new SettingsException(
          "the setting "
              + Setting.NODE_BEAT
              + " is at most 15s: the jobs of a task that died wait for"
              + " three of them");
    }
    return new DispatchSettings(
        beat,
        environment.positive(Setting.DUE_EVERY),
        environment.duration(Setting.DISCONNECT_GRACE));
  }
}

package io.streamer.worker;

import io.streamer.shared.blob.BlobSettings;
import io.streamer.shared.push.PushSettings;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Setting;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.store.StoreSettings;
import io.streamer.shared.trace.TraceSettings;
import java.util.Optional;

/** The worker's settings. */
record WorkerSettings(
    StoreSettings store,
    AwsSettings aws,
    PushSettings push,
    BlobSettings blobs,
    Optional<String> metricsNamespace,
    TraceSettings traces) {
  private static final Setting JOB_FUNCTION = Setting.JOB_FUNCTION;

  /**
   * @throws SettingsException if a setting is missing, unknown or out of range
   */
  static WorkerSettings of(Environment environment) {
    environment.refuseUnknown(Setting.names());
    return new WorkerSettings(
        StoreSettings.read(environment),
        AwsSettings.read(environment),
        PushSettings.read(environment),
        BlobSettings.read(environment),
        environment.find(Setting.METRICS_NAMESPACE),
        TraceSettings.read(environment));
  }

  /** The function that runs jobs: only the stream function needs it. */
  static String jobFunction(Environment environment) {
    return environment.text(JOB_FUNCTION);
  }
}

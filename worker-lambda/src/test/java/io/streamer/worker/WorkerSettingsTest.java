package io.streamer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.blob.BlobSettings;
import io.streamer.shared.push.PushSettings;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.StoreSettings;
import io.streamer.shared.table.Tables;
import io.streamer.shared.trace.TraceSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerSettingsTest {
  @Test
  void withoutAnyTheDefaultsHold() {
    assertThat(settings(Map.of("AWS_REGION", "eu-west-1")))
        .isEqualTo(
            new WorkerSettings(
                new StoreSettings(
                    new Tables("streamer"),
                    new JobLimits(
                        Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofDays(7)),
                    Transport.LEAN),
                new AwsSettings(
                    "eu-west-1",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()),
                new PushSettings(List.of(), Map.of(), Transport.LEAN),
                new BlobSettings(Optional.empty(), Duration.ofHours(1), 102_400),
                Optional.empty(),
                new TraceSettings(Optional.empty(), Map.of(), 0.05)));
  }

  @Test
  void eachIsRead() {
    var settings =
        settings(
            Map.ofEntries(
                Map.entry("STREAMER_TABLE_PREFIX", "shop"),
                Map.entry("STREAMER_INTERNAL_SECRET", "new,old"),
                Map.entry("STREAMER_API_ENDPOINTS", "main=https://api.example.com/live"),
                Map.entry("STREAMER_LEASE", "10s"),
                Map.entry("STREAMER_JOB_RETENTION", "1d"),
                Map.entry("STREAMER_SUBMIT_DUE", "12s"),
                Map.entry("STREAMER_BUCKET", "files"),
                Map.entry("STREAMER_FILE_TTL", "7d"),
                Map.entry("STREAMER_INLINE_RESULT_BYTES", "8192"),
                Map.entry("STREAMER_METRICS_NAMESPACE", "Shop/Streamer"),
                Map.entry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318/"),
                Map.entry("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hush%20hush, x-team=shop"),
                Map.entry("STREAMER_TRACES_RATIO", "0.25"),
                Map.entry("AWS_REGION", "eu-central-1"),
                Map.entry("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8000"),
                Map.entry("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9001"),
                Map.entry("AWS_ACCESS_KEY_ID", "id"),
                Map.entry("AWS_ENDPOINT_URL_CLOUDWATCH", "http://127.0.0.1:9003"),
                Map.entry("AWS_ENDPOINT_URL_ECS", "http://127.0.0.1:9004"),
                Map.entry("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9005"),
                Map.entry("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9002"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "hush")));
    assertThat(settings)
        .isEqualTo(
            new WorkerSettings(
                new StoreSettings(
                    new Tables("shop"),
                    new JobLimits(
                        Duration.ofSeconds(10), Duration.ofSeconds(12), Duration.ofDays(1)),
                    Transport.LEAN),
                new AwsSettings(
                    "eu-central-1",
                    Optional.of(URI.create("http://127.0.0.1:8000")),
                    Optional.of(URI.create("http://127.0.0.1:9001")),
                    Optional.of(URI.create("http://127.0.0.1:9002")),
                    Optional.of(URI.create("http://127.0.0.1:9003")),
                    Optional.of(URI.create("http://127.0.0.1:9004")),
                    Optional.of(URI.create("http://127.0.0.1:9005")),
                    Optional.of(new AwsSettings.Keys("id", "hush", Optional.empty()))),
                new PushSettings(
                    List.of("new", "old"),
                    Map.of("api:main", URI.create("https://api.example.com/live")),
                    Transport.LEAN),
                new BlobSettings(Optional.of("files"), Duration.ofDays(7), 8_192),
                Optional.of("Shop/Streamer"),
                new TraceSettings(
                    Optional.of(URI.create("http://127.0.0.1:4318")),
                    Map.of("api-key", "hush hush", "x-team", "shop"),
                    0.25)));
    assertThat(settings.toString()).doesNotContain("hush", "new");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL_S3"})
  void theRegionMayBeMissingWhereAnAddressIsGiven(String name) {
    assertThat(settings(Map.of(name, "http://127.0.0.1:8000")).aws().region())
        .isEqualTo("us-east-1");
  }

  @Test
  void noRegionAndNoAddressIsRefused() {
    // another's tables would answer elsewhere
    assertThatThrownBy(() -> settings(Map.of("STREAMER_TABLE_PREFIX", "shop")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("AWS_REGION is missing");
    assertThatThrownBy(() -> settings(Map.of("AWS_REGION", " ")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("AWS_REGION is missing");
  }

  @Test
  void whatIsMisspeltOrOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("AWS_REGION", "eu-west-1", "STREAMER_LEESE", "60s")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_LEASE");
    assertThatThrownBy(() -> settings(Map.of("AWS_REGION", "eu-west-1", "STREAMER_LEASE", "4s")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_LEASE");
    assertThatThrownBy(() -> settings(Map.of("AWS_REGION", "eu-west-1", "STREAMER_FILE_TTL", "8d")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_FILE_TTL");
    for (var bytes : List.of("1023", "102401", "8k")) {
      var given = Map.of("AWS_REGION", "eu-west-1", "STREAMER_INLINE_RESULT_BYTES", bytes);
      assertThatThrownBy(() -> settings(given))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("STREAMER_INLINE_RESULT_BYTES")
          .hasMessageContaining("from 1024 to 102400");
    }
    assertThatThrownBy(() ->
            settings(Map.of("AWS_REGION", "eu-west-1", "STREAMER_INLINE_RESULT_BYTES", "8192")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_INLINE_RESULT_BYTES needs STREAMER_BUCKET");
    assertThatThrownBy(() -> settings(Map.of("AWS_ENDPOINT_URL_DYNAMODB", "localhost")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_DYNAMODB");
    assertThatThrownBy(() -> WorkerSettings.jobFunction(new Environment(Map.of())))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_JOB_FUNCTION");
  }

  private static WorkerSettings settings(Map<String, String> values) {
    return WorkerSettings.of(new Environment(values));
  }
}

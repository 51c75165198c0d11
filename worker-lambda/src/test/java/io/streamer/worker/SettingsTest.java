package io.streamer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void withoutAnyTheDefaultsHold() {
    assertThat(settings(Map.of()))
        .isEqualTo(
            new Settings(
                "streamer",
                "",
                Duration.ofSeconds(60),
                Duration.ofDays(7),
                Duration.ofSeconds(60),
                "us-east-1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void eachIsRead() {
    var settings =
        settings(
            Map.of(
                "STREAMER_TABLE_PREFIX", "shop",
                "STREAMER_INTERNAL_SECRET", "new,old",
                "STREAMER_LEASE", "10s",
                "STREAMER_JOB_RETENTION", "1d",
                "STREAMER_SUBMIT_DUE", "12s",
                "AWS_REGION", "eu-central-1",
                "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:8000",
                "AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9001",
                "AWS_ACCESS_KEY_ID", "id",
                "AWS_SECRET_ACCESS_KEY", "secret"));
    assertThat(settings)
        .isEqualTo(
            new Settings(
                "shop",
                "new",
                Duration.ofSeconds(10),
                Duration.ofDays(1),
                Duration.ofSeconds(12),
                "eu-central-1",
                Optional.of(URI.create("http://127.0.0.1:8000")),
                Optional.of(URI.create("http://127.0.0.1:9001")),
                Optional.of(new Settings.Keys("id", "secret", Optional.empty()))));
    assertThat(settings.toString()).doesNotContain("secret", "new");
  }

  @Test
  void whatIsMisspeltOrOutOfRangeIsNamed() {
    assertThatThrownBy(() -> settings(Map.of("STREAMER_LEESE", "60s")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_LEASE");
    assertThatThrownBy(() -> settings(Map.of("STREAMER_LEASE", "4s")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_LEASE");
    assertThatThrownBy(() -> settings(Map.of("AWS_ENDPOINT_URL_DYNAMODB", "localhost")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_DYNAMODB");
    assertThatThrownBy(() -> Settings.jobFunction(new Environment(Map.of())))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_JOB_FUNCTION");
  }

  private static Settings settings(Map<String, String> values) {
    return Settings.of(new Environment(values));
  }
}

package io.streamer.shared.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.SettingsException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceSettingsTest {
  private static TraceSettings read(String name, String value) {
    return TraceSettings.read(new Environment(Map.of(name, value)));
  }

  @Test
  void withoutAnEndpointNothingIsTraced() {
    var settings = TraceSettings.read(new Environment(Map.of()));
    assertThat(settings).isEqualTo(new TraceSettings(Optional.empty(), Map.of(), 0.05));
    assertThat(Traces.of(settings, "streamer-gateway")).isSameAs(Traces.NONE);
    assertThat(Traces.NONE.request("echo", null)).isSameAs(Span.NONE);
    assertThat(Span.NONE.child(SpanName.HANDLE, "echo")).isSameAs(Span.NONE);
  }

  @Test
  void theEndpointMayHaveAPath() {
    assertThat(read("OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example.com/in//").endpoint())
        .contains(URI.create("https://otel.example.com/in"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:4318",
        "grpc://localhost:4317",
        "http://localhost:4318?key=hunter2",
        "http://ann:hunter2@localhost:4318",
        "http://localhost:4318#hunter2",
        "not an address"
      })
  void anEndpointThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> read("OTEL_EXPORTER_OTLP_ENDPOINT", text))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_ENDPOINT")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void headersAreDecodedAndReachNoLog() {
    var settings = read("OTEL_EXPORTER_OTLP_HEADERS", "a=1%2C2, api-key = a+b%3D ,");
    assertThat(settings.headers()).isEqualTo(Map.of("a", "1,2", "api-key", "a+b="));
    assertThat(settings.toString()).doesNotContain("a+b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hunter2", "=hunter2", "a b=hunter2", "a=hunter2%", "a=hunter2%0D%0Ab: c"})
  void headersThatAreNoneAreRefused(String text) {
    assertThatThrownBy(() -> read("OTEL_EXPORTER_OTLP_HEADERS", text))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "0.01,0.01", "1.0,1", ".5,0.5"})
  void theRatioIsANumber(String text, double ratio) {
    assertThat(read("STREAMER_TRACES_RATIO", text).ratio()).isEqualTo(ratio);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.1", "2", "NaN", "1e-3", "half", "."})
  void anotherRatioIsRefused(String text) {
    assertThatThrownBy(() -> read("STREAMER_TRACES_RATIO", text))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("STREAMER_TRACES_RATIO");
  }
}

package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.RawJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A response, whether it is put together at once or written like any other frame. */
class ResponseBytesTest {
  private static final RawJson DATA = RawJson.of("{\"a\":\"ü\"}");

  @ParameterizedTest
  @CsvSource({
    "1764400000123, 1764400000.123",
    "1764400000000, 1764400000.000",
    "1764400000007, 1764400000.007",
    "1000000000000, 1000000000.000",
    "9999999999999, 9999999999.999",
    "10000000000000, 10000000000.000",
    "999999999999, 999999999.999",
    "0, 0.000"
  })
  void itsTimeIsInSecondsWithThreeDecimals(long nowMs, String written) {
    assertThat(text("r-1", nowMs))
        .isEqualTo(
            "{\"type\":\"response\",\"timestamp\":"
                + written
                + ",\"request_id\":\"r-1\",\"success\":true,\"data\":{\"a\":\"ü\"}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "~ !#[]", "a\"b", "a\\b", "\\", "ü", "\u007f", "日本", "😀", "</x>"})
  void anyIdComesBackAsItWas(String id) throws NotJson {
    var frame = text(id, 1_764_400_000_123L).getBytes(UTF_8);

    assertThat(JsonText.isValue(frame, 10)).isTrue();
    assertThat(member(frame, "request_id")).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_764_400_000_123L})
  void withoutAnIdThereIsNone(long nowMs) throws NotJson {
    var frame = text(null, nowMs).getBytes(UTF_8);

    assertThat(JsonText.isValue(frame, 10)).isTrue();
    assertThat(member(frame, "request_id")).isNull();
  }

  private static String text(String id, long nowMs) {
    return new String(WireCodec.write(new ServerFrame.Response(id, DATA), nowMs), UTF_8);
  }

  private static String member(byte[] frame, String name) throws NotJson {
    var json = new JsonScanner(frame);
    json.enter();
    while (json.nextMember()) {
      if (json.is(name)) {
        return json.string();
      }
      json.skip();
    }
    return null;
  }
}

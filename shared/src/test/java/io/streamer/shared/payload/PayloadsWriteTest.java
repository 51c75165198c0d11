package io.streamer.shared.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamer.handler.RawJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadsWriteTest {
  private enum State {
    IN_PROGRESS {
      @Override
      public String toString() {
        return "a class of its own";
      }
    }
  }

  private record Inner(int itemCount, String note, Optional<String> extra) {}

  private record Everything(
      String text,
      boolean truth,
      long whole,
      double real,
      float single,
      BigDecimal amount,
      BigInteger huge,
      State state,
      Instant startedAt,
      LocalDate day,
      Duration took,
      UUID uuid,
      URI uri,
      Optional<Integer> maybe,
      List<Inner> inners,
      Set<Long> set,
      Map<String, Object> map,
      RawJson raw,
      RawJson rawToo) {}

  @Test
  void everyTypeIsWritten() {
    var map = new LinkedHashMap<String, Object>();
    map.put("keepMe", null);
    map.put("list", new int[] {1, 2});
    map.put("raw", RawJson.of("{ }"));
    var value =
        new Everything(
            "é\"\n",
            true,
            Long.MIN_VALUE,
            0.1,
            1.5f,
            new BigDecimal("1.50"),
            BigInteger.TEN.pow(20),
            State.IN_PROGRESS,
            Instant.parse("2025-01-31T12:00:00.5Z"),
            LocalDate.of(2024, 2, 29),
            Duration.ofSeconds(90),
            UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
            URI.create("https://a.example/b"),
            Optional.of(3),
            List.of(new Inner(1, null, Optional.empty()), new Inner(2, "n", Optional.of("e"))),
            Set.of(5L),
            map,
            RawJson.of("[ 1,\"é\" ]"),
            RawJson.NULL);
    assertThat(Payloads.write(value))
        .hasToString(
            """
            {"text":"é\\"\\n","truth":true,"whole":-9223372036854775808,"real":0.1,"single":1.5,\
            "amount":1.50,"huge":100000000000000000000,"state":"in_progress",\
            "started_at":"2025-01-31T12:00:00.500Z","day":"2024-02-29","took":"PT1M30S",\
            "uuid":"123e4567-e89b-12d3-a456-426614174000","uri":"https://a.example/b","maybe":3,\
            "inners":[{"item_count":1},{"item_count":2,"note":"n","extra":"e"}],"set":[5],\
            "map":{"keepMe":null,"list":[1,2],"raw":{ }},"raw":[ 1,"é" ],"raw_too":null}\
            """);
  }

  @Test
  void whatIsWrittenIsReadBackTheSame() throws Exception {
    var value = new Inner(7, "😀 \\ \u2028", Optional.of(""));
    assertThat(Payloads.bind(Payloads.write(value), Inner.class)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1] | {\"value\":[1]}",
        "\"{\" | {\"value\":\"{\"}",
        "null | {\"value\":null}",
        "` \n{\"a\":1}` | ` \n{\"a\":1}`"
      })
  void aResultIsAlwaysAnObject(String json, String result) {
    assertThat(Payloads.result(RawJson.of(json))).isEqualTo(RawJson.of(result));
  }

  @Test
  void aResultThatIsNothingIsAnObjectToo() {
    assertThat(Payloads.result(null)).hasToString("{\"value\":null}");
    assertThat(Payloads.result(Optional.empty())).hasToString("{\"value\":null}");
    assertThat(Payloads.result(State.IN_PROGRESS)).hasToString("{\"value\":\"in_progress\"}");
    assertThat(Payloads.result(Arrays.asList("a", null))).hasToString("{\"value\":[\"a\",null]}");
  }

  @Test
  void numbersThatJsonDoesNotHaveAreRefused() {
    for (var number :
        List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Payloads.write(List.of(number)))
          .withMessageContaining(number.toString());
    }
  }

  @Test
  void whatIsNoJsonIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.write(Locale.ROOT))
        .withMessageContaining("java.util.Locale");
    assertThatIllegalArgumentException().isThrownBy(() -> Payloads.write(Map.of(1, 2)));
  }

  @Test
  void longTextOutsideTheBasicPlaneIsWrittenAsItIs() {
    for (int shift = 0; shift < 4; shift++) {
      var text = "x".repeat(shift) + "😀".repeat(20_000);
      assertThat(Payloads.write(Map.of(text, text)))
          .hasToString("{\"" + text + "\":\"" + text + "\"}");
    }
  }

  @Test
  void halfACharacterDoesNotFailTheResult() {
    assertThat(Payloads.write(Map.of("a\ud83d", "😀\ude00"))).hasToString("{\"a?\":\"😀?\"}");
  }

  @Test
  void aValueThatHoldsItselfIsRefused() {
    var ring = new ArrayList<>();
    ring.add(ring);
    assertThatIllegalArgumentException().isThrownBy(() -> Payloads.write(ring));
  }
}

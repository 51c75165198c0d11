package io.streamer.shared.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamer.handler.Describe;
import io.streamer.handler.RawJson;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PayloadsSchemaTest {
  private static final String HEAD =
      "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"";

  private enum Format {
    PDF,
    PLAIN_TEXT
  }

  private record Simple(
      String text,
      boolean flag,
      @Nullable Boolean boxedFlag,
      byte small,
      long big,
      BigInteger huge,
      double ratio,
      BigDecimal exact) {}

  private record Texts(Instant at, LocalDate day, Duration span, UUID id, URI link) {}

  private record Forms(
      Format format,
      Optional<Integer> maybe,
      Set<String> names,
      Map<String, Format> byName,
      RawJson raw,
      @Nullable Object any) {}

  private record Tree(int value, List<Tree> children) {}

  private record Pair<T>(T first, T second) {}

  private record Pairs(Pair<String> texts, Pair<Integer> numbers) {}

  private record Nothing() {}

  @Test
  void whatMayBeLeftOutIsNotRequired() {
    assertThat(schema(Simple.class))
        .isEqualTo(
            record(
                "Simple",
                """
                {"type":"object","properties":{\
                "text":{"type":"string"},\
                "flag":{"type":"boolean"},\
                "boxed_flag":{"anyOf":[{"type":"boolean"},{"type":"null"}]},\
                "small":{"type":"integer","minimum":-128,"maximum":127},\
                "big":{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807},\
                "huge":{"type":"integer"},\
                "ratio":{"type":"number"},\
                "exact":{"type":"number"}},\
                "required":["text","flag","small","big","huge","ratio","exact"]}\
                """));
  }

  @Test
  void aTextOfAKnownFormNamesIt() {
    assertThat(schema(Texts.class))
        .isEqualTo(
            record(
                "Texts",
                """
                {"type":"object","properties":{\
                "at":{"type":"string","format":"date-time"},\
                "day":{"type":"string","format":"date"},\
                "span":{"type":"string","format":"duration"},\
                "id":{"type":"string","format":"uuid"},\
                "link":{"type":"string","format":"uri-reference"}},\
                "required":["at","day","span","id","link"]}\
                """));
  }

  @Test
  void enumsOptionalsCollectionsAndAnyJsonAreToldApart() {
    assertThat(schema(Forms.class))
        .isEqualTo(
            record(
                "Forms",
                """
                {"type":"object","properties":{\
                "format":{"enum":["pdf","plain_text"]},\
                "maybe":{"anyOf":[{"type":"integer","minimum":-2147483648,"maximum":2147483647},\
                {"type":"null"}]},\
                "names":{"type":"array","items":{"type":"string"}},\
                "by_name":{"type":"object","additionalProperties":{"enum":["pdf","plain_text"]}},\
                "raw":true,\
                "any":true},\
                "required":["format","names","by_name","raw"]}\
                """));
  }

  private record Told(
      @Describe(value = "who", example = "\"Ada\" L.") String name,
      @Describe("how many") int count,
      @Describe(example = "2025-01-31") Optional<LocalDate> day,
      @Describe(example = "plain_text") Format format,
      @Describe(value = "some", example = "[{\"a\": 1.50}]") List<Map<String, BigDecimal>> rows,
      @Describe(value = "whatever", example = "null") RawJson raw) {}

  @Test
  void whatARecordSaysOfItsComponentsIsTold() {
    assertThat(schema(Told.class))
        .isEqualTo(
            record(
                "Told",
                """
                {"type":"object","properties":{\
                "name":{"type":"string","description":"who","examples":["\\"Ada\\" L."]},\
                "count":{"type":"integer","minimum":-2147483648,"maximum":2147483647,\
                "description":"how many"},\
                "day":{"anyOf":[{"type":"string","format":"date"},{"type":"null"}],\
                "examples":["2025-01-31"]},\
                "format":{"enum":["pdf","plain_text"],"examples":["plain_text"]},\
                "rows":{"type":"array","items":{"type":"object",\
                "additionalProperties":{"type":"number"}},\
                "description":"some","examples":[[{"a": 1.50}]]},\
                "raw":{"description":"whatever","examples":[null]}},\
                "required":["name","count","format","rows","raw"]}\
                """));
  }

  private record NoDay(@Describe(example = "31.1.2025") LocalDate day) {}

  private record NoRows(@Describe(example = "[{\"a\": \"x\"}]") List<Map<String, Integer>> rows) {}

  private record NoJson(@Describe(example = "{") RawJson raw) {}

  private record Within(List<NoDay> days) {}

  @Test
  void anExampleThatIsNotTakenIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireBindable(Within.class))
        .withMessageEndingWith("NoDay.day: its example must be a date such as 2025-01-31");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireBindable(NoRows.class))
        .withMessageEndingWith("NoRows.rows: its example at /0/a must be a whole number");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireBindable(NoJson.class))
        .withMessageEndingWith("NoJson.raw: its example is not JSON");
  }

  @Test
  void aRecordWithinItselfIsDefinedOnce() {
    assertThat(schema(Tree.class))
        .isEqualTo(
            record(
                "Tree",
                """
                {"type":"object","properties":{\
                "value":{"type":"integer","minimum":-2147483648,"maximum":2147483647},\
                "children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}},\
                "required":["value","children"]}\
                """));
  }

  @Test
  void oneRecordWithTwoTypeArgumentsIsTwoDefinitions() {
    assertThat(schema(Pairs.class))
        .contains("\"texts\":{\"$ref\":\"#/$defs/Pair\"},\"numbers\":{\"$ref\":\"#/$defs/Pair2\"}")
        .contains("\"Pair\":{\"type\":\"object\",\"properties\":{\"first\":{\"type\":\"string\"}")
        .contains("\"Pair2\":{\"type\":\"object\",\"properties\":{\"first\":{\"type\":\"integer\"");
  }

  @Test
  void whatIsNoRecordStandsAlone() {
    assertThat(schema(RawJson.class)).isEqualTo(HEAD + "}");
    assertThat(schema(String.class)).isEqualTo(HEAD + ",\"allOf\":[{\"type\":\"string\"}]}");
    assertThat(schema(String[].class))
        .isEqualTo(HEAD + ",\"type\":\"array\",\"items\":{\"type\":\"string\"}}");
    assertThat(schema(Nothing.class))
        .isEqualTo(record("Nothing", "{\"type\":\"object\",\"properties\":{}}"));
  }

  @Test
  void aTypeThatCannotBeBoundHasNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> schema(Thread.class))
        .withMessageContaining("java.lang.Thread");
  }

  private static String schema(Type type) {
    return Payloads.schema(type).toString();
  }

  private static String record(String name, String schema) {
    return HEAD + ",\"$ref\":\"#/$defs/" + name + "\",\"$defs\":{\"" + name + "\":" + schema + "}}";
  }
}

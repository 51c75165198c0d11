package io.streamer.shared.payload;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamer.handler.Invalid;
import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.FieldError;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.AbstractListAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadsBindTest {
  private enum Format {
    PDF,
    PLAIN_TEXT
  }

  private record Nothing() {}

  private record Simple(
      String text,
      boolean truth,
      byte tiny,
      short small,
      int whole,
      long large,
      float single,
      double real,
      BigDecimal amount,
      BigInteger huge,
      Integer boxed,
      Format format,
      Instant at,
      LocalDate day,
      Duration time,
      UUID uuid,
      URI uri) {}

  private record Grouped(
      @Nullable List<Integer> list,
      @Nullable Collection<String> collection,
      @Nullable Set<String> set,
      @Nullable Map<String, List<Long>> map,
      Optional<String> maybe,
      @Nullable List<Format> formats) {}

  private record Numbers(int whole, long large, double real) {}

  private record Tree(String name, @Nullable List<Tree> children) {}

  private record Page<T>(@Nullable List<T> items, @Nullable T first) {}

  private record Pages(Page<Numbers> numbers, Page<? extends Format> formats) {}

  record Range(int fromDay, int toDay) {
    Range {
      if (toDay < fromDay) {
        throw new Invalid("toDay", "is before from_day");
      }
    }
  }

  record Ranges(List<Range> ranges) {
    Ranges {
      if (ranges.size() > 2) {
        throw new Invalid("ranges/2/fromDay", "is one too many");
      }
    }
  }

  record Touchy(String secret) {
    Touchy {
      if (!secret.equals("sesame")) {
        throw new IllegalArgumentException("not the password hunter2");
      }
    }
  }

  private record Holder(@Nullable RawJson raw, @Nullable Object any) {}

  /** Of another library, on the declaration. */
  private static final class Others {
    @Retention(RetentionPolicy.RUNTIME)
    @interface Nullable {}
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Needy(
      String text,
      Integer boxed,
      Format format,
      List<Integer> list,
      Set<String>[] sets,
      Map<String, Long> map,
      Range range,
      RawJson raw,
      Object any,
      Optional<String> maybe,
      @Nullable Instant at,
      @Others.Nullable LocalDate day,
      int @Nullable [] days) {}

  @Test
  void everySimpleTypeIsRead() throws Exception {
    var json =
        """
        {"text":"é\\n","truth":true,"tiny":-128,"small":32767,"whole":-2147483648,
         "large":9223372036854775807,"single":1.5,"real":2,"amount":0.10,"huge":123456789012345678901234567890,
         "boxed":7,"format":"plain_text","at":"2025-01-31T12:00:00.5+01:00","day":"2024-02-29",
         "time":"PT1M30S","uuid":"123e4567-e89b-12d3-a456-426614174000","uri":"https://a.example/b?c"}
        """;
    assertThat(bind(json, Simple.class))
        .isEqualTo(
            new Simple(
                "é\n",
                true,
                (byte) -128,
                (short) 32767,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                1.5f,
                2.0,
                new BigDecimal("0.10"),
                new BigInteger("123456789012345678901234567890"),
                7,
                Format.PLAIN_TEXT,
                Instant.parse("2025-01-31T11:00:00.5Z"),
                LocalDate.of(2024, 2, 29),
                Duration.ofSeconds(90),
                UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                URI.create("https://a.example/b?c")));
  }

  @Test
  void groupsAreReadInOrderAndCannotBeChanged() throws Exception {
    var grouped =
        (Grouped)
            bind(
                """
                {"list":[3,1],"collection":["a"],"set":["b","a","b"],"map":{"z":[1],"a":[]},
                 "maybe":"x","formats":["PDF","pdf"]}
                """,
                Grouped.class);
    assertThat(grouped.list()).containsExactly(3, 1).isUnmodifiable();
    assertThat(grouped.collection()).containsExactly("a");
    assertThat(grouped.set()).containsExactly("b", "a").isUnmodifiable();
    assertThat(grouped.map().keySet()).containsExactly("z", "a").isUnmodifiable();
    assertThat(grouped.map().get("z")).containsExactly(1L);
    assertThat(grouped.maybe()).contains("x");
    assertThat(grouped.formats()).containsExactly(Format.PDF, Format.PDF);
  }

  @Test
  void arraysAreRead() throws Exception {
    assertThat((int[]) bind("[1,2]", int[].class)).containsExactly(1, 2);
    assertThat((Format[]) bind("[\"pdf\"]", Format[].class)).containsExactly(Format.PDF);
    assertErrors("[1,null,\"3\"]", int[].class)
        .containsExactly(
            new FieldError("/1", "must not be null"),
            new FieldError("/2", "must be a whole number"));
  }

  @Test
  void whatIsNeitherOptionalNorNullableIsRequired() throws Exception {
    var needed = List.of("text", "boxed", "format", "list", "sets", "map", "range", "raw", "any");
    assertErrors("{}", Needy.class)
        .containsExactlyElementsOf(
            needed.stream().map(name -> new FieldError("/" + name, "is missing")).toList());
    var nulls =
        needed.stream().map(name -> "\"" + name + "\":null").collect(joining(",", "{", "}"));
    assertErrors(nulls, Needy.class)
        .containsExactlyElementsOf(
            needed.stream()
                // any JSON: null is one
                .filter(name -> !name.equals("raw") && !name.equals("any"))
                .map(name -> new FieldError("/" + name, "must not be null"))
                .toList());
    for (var rest : List.of("", ",\"at\":null,\"day\":null,\"days\":null,\"maybe\":null")) {
      var needy =
          (Needy)
              bind(
                  """
                  {"text":"a","boxed":1,"format":"pdf","list":[],"sets":[["a"]],"map":{},\
                  "range":{"from_day":1,"to_day":2},"raw":null,"any":null%s}
                  """
                      .formatted(rest),
                  Needy.class);
      assertThat(needy.raw()).isEqualTo(RawJson.of("null"));
      assertThat(needy.at()).isNull();
      assertThat(needy.day()).isNull();
      assertThat(needy.days()).isNull();
      assertThat(needy.maybe()).isEmpty();
    }
  }

  @Test
  void whatOneWroteOneselfMayBeNullWhereverJavaHasAPlaceForIt() throws Exception {
    var written =
        new Needy(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Optional.empty(),
            null,
            null,
            null);
    assertThat(Payloads.restore(Payloads.write(written), Needy.class))
        .isInstanceOfSatisfying(Needy.class, needy -> assertThat(needy.text()).isNull());
  }

  @Test
  void whatIsMissingIsNullOrEmptyWhereThatIsAllowed() throws Exception {
    var grouped = (Grouped) bind("{\"list\":null,\"maybe\":null}", Grouped.class);
    assertThat(grouped.list()).isNull();
    assertThat(grouped.set()).isNull();
    assertThat(grouped.maybe()).isEmpty();
    assertThat(((Grouped) bind("{}", Grouped.class)).maybe()).isEmpty();
    assertErrors("{\"real\":null}", Numbers.class)
        .containsExactlyInAnyOrder(
            new FieldError("/real", "must be a number"),
            new FieldError("/whole", "is missing"),
            new FieldError("/large", "is missing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "int | \"5\" | must be a whole number",
        "int | 1.5 | must be a whole number",
        "int | 1.0001 | must be a whole number",
        "int | 15e-1 | must be a whole number",
        "int | \"1.0\" | must be a whole number",
        "int | 2147483648.0 | must be a whole number from -2147483648 to 2147483647",
        "int | 1e1001 | has more than 1000 digits",
        "long | 1e19 | must be a whole number from -9223372036854775808 to 9223372036854775807",
        "int | true | must be a whole number",
        "int | 2147483648 | must be a whole number from -2147483648 to 2147483647",
        "long | 9223372036854775808 | must be a whole number from -9223372036854775808 to"
            + " 9223372036854775807",
        "byte | 128 | must be a whole number from -128 to 127",
        "double | \"1\" | must be a number",
        "double | 1e999 | is too large a number",
        "float | 1e39 | is too large a number",
        "boolean | 1 | must be true or false",
        "boolean | \"true\" | must be true or false",
        "java.lang.String | 5 | must be a string",
        "java.lang.String | [] | must be a string",
        "java.lang.String | null | must be a string",
        "java.lang.String | \"\\ud800x\" | has half a surrogate pair in it",
        "java.math.BigDecimal | 1e1001 | has more than 1000 digits",
        "java.math.BigDecimal | 1e-99999999999 | has more than 1000 digits",
        "java.math.BigInteger | 1e-3 | must be a whole number",
        "java.math.BigInteger | 1e1001 | has more than 1000 digits",
        "java.lang.Object | 1e1001 | has more than 1000 digits",
        "java.lang.Object | null | must not be null",
        "java.time.Instant | \"2025-01-31\" | must be a time such as 2025-01-31T12:00:00Z",
        "java.time.Instant | \"2025-02-30T12:00:00Z\" | must be a time such as"
            + " 2025-01-31T12:00:00Z",
        "java.time.Instant | \"+10000-01-31T12:00:00Z\" | must be a time such as"
            + " 2025-01-31T12:00:00Z",
        "java.time.LocalDate | \"2025-02-29\" | must be a date such as 2025-01-31",
        "java.time.LocalDate | 5 | must be a date such as 2025-01-31",
        "java.time.Duration | \"90s\" | must be a duration such as PT1M30S",
        "java.time.Instant | \"2025-01-31T24:00:00Z\" | must be a time such as"
            + " 2025-01-31T12:00:00Z",
        "java.time.Instant | \"2025-01-31T24:00:00+01:00\" | must be a time such as"
            + " 2025-01-31T12:00:00Z",
        "java.time.Instant | \"2025-01-31T12:60:00Z\" | must be a time such as"
            + " 2025-01-31T12:00:00Z",
        "java.util.UUID | \"1-1-1-1-1\" | must be a UUID",
        "java.util.UUID | \"123e4567e-89b-12d3-a456-426614174000\" | must be a UUID",
        "java.util.UUID | \"123e456-7e89b-12d3-a456-426614174000\" | must be a UUID",
        "java.util.UUID | \"0x3e4567-e89b-12d3-a456-426614174000\" | must be a UUID",
        "java.util.UUID | \"123e4567-e89b-12d3-a45-6426614174000\" | must be a UUID",
        "java.util.UUID | \"{23e4567-e89b-12d3-a456-42661417400}\" | must be a UUID",
        "java.net.URI | \"a b\" | must be a URI"
      })
  void nothingIsCoerced(String type, String json, String message) throws Exception {
    assertErrors(json, type(type)).containsExactly(new FieldError("", message));
  }

  @ParameterizedTest
  @CsvSource({
    "int, 1.0, 1",
    "int, -0.0, 0",
    "int, 1e2, 100",
    "byte, 1.27E2, 127",
    "short, -100e-2, -1",
    "long, 9223372036854775807.0, 9223372036854775807",
    "java.lang.Integer, 5.000, 5",
    "java.math.BigInteger, 1e3, 1000",
    "java.math.BigInteger, 100000000000000000000.0, 100000000000000000000"
  })
  void aWholeNumberMayBeWrittenWithAFractionOfNothing(String type, String json, String value)
      throws Exception {
    assertThat(bind(json, type(type))).hasToString(value);
  }

  record Keyed(int user_name, int userID, int HTTPPort, int line2Text, int _odd_) {}

  @ParameterizedTest
  @CsvSource({
    "user_name, userID, HTTPPort, line2Text, _odd_",
    "userName, userId, httpPort, line2Text, _odd_",
    "user_name, user_id, http_port, line2_text, _odd_"
  })
  void everyWayOfWritingANameIsRead(String a, String b, String c, String d, String e)
      throws Exception {
    var json = "{\"%s\":1,\"%s\":2,\"%s\":3,\"%s\":4,\"%s\":5}".formatted(a, b, c, d, e);
    assertThat(bind(json, Keyed.class)).isEqualTo(new Keyed(1, 2, 3, 4, 5));
  }

  record Alike(int userId, int user_id) {}

  record AlikeInCamel(int userID, int userId) {}

  @Test
  void namesThatAreOneInJsonAreRefusedWithTheirRecord() {
    for (var type : List.of(Alike.class, AlikeInCamel.class)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Payloads.requireBindable(type))
          .withMessageContaining(type.getName())
          .withMessageContaining("user_id");
    }
  }

  @Test
  void surrogatePairsAreText() throws Exception {
    assertThat(bind("\"\\ud83d\\ude00\"", String.class)).isEqualTo("😀");
  }

  @Test
  void numbersOfMoreThanAThousandDigitsAreRefused() throws Exception {
    assertThat(bind("1".repeat(1000), BigInteger.class))
        .isEqualTo(new BigInteger("1".repeat(1000)));
    for (var type : List.of(BigInteger.class, BigDecimal.class, double.class, Object.class)) {
      assertErrors("1".repeat(1001), type)
          .containsExactly(new FieldError("", "has more than 1000 digits"));
    }
  }

  @Test
  void anEnumIsNamedExactlyOrInLowerSnakeCase() throws Exception {
    assertThat(bind("\"PLAIN_TEXT\"", Format.class)).isEqualTo(Format.PLAIN_TEXT);
    assertThat(bind("\"pdf\"", Format.class)).isEqualTo(Format.PDF);
    for (var other : List.of("\"Pdf\"", "\"plainText\"", "0", "\"\"")) {
      assertErrors(other, Format.class)
          .containsExactly(new FieldError("", "must be one of pdf, plain_text"));
    }
  }

  @Test
  void recordsNestAndTheirTypeArgumentsAreResolved() throws Exception {
    var tree = (Tree) bind("{\"name\":\"a\",\"children\":[{\"name\":\"b\"}]}", Tree.class);
    assertThat(tree).isEqualTo(new Tree("a", List.of(new Tree("b", null))));
    var pages =
        (Pages)
            bind(
                "{\"numbers\":{\"items\":[{\"whole\":1,\"large\":2,\"real\":3}]},"
                    + "\"formats\":{\"first\":\"pdf\"}}",
                Pages.class);
    assertThat(pages.numbers().items()).containsExactly(new Numbers(1, 2, 3));
    assertThat(pages.formats().first()).isEqualTo(Format.PDF);
    assertErrors("{\"numbers\":{\"items\":[3]},\"formats\":{}}", Pages.class)
        .containsExactly(new FieldError("/numbers/items/0", "must be an object"));
  }

  @Test
  void everyWrongFieldIsNamed() throws Exception {
    var json =
        """
        {"list":[1,"2",null,{"x":[1]}],"collection":7,"map":{"a/b~c":[1,1.5],"ok":null},
         "formats":["pdf","doc"],"ignored":{"deep":[{}]}}
        """;
    assertErrors(json, Grouped.class)
        .containsExactly(
            new FieldError("/list/1", "must be a whole number"),
            new FieldError("/list/2", "must not be null"),
            new FieldError("/list/3", "must be a whole number"),
            new FieldError("/collection", "must be an array"),
            new FieldError("/map/a~1b~0c/1", "must be a whole number"),
            new FieldError("/map/ok", "must not be null"),
            new FieldError("/formats/1", "must be one of pdf, plain_text"));
  }

  @Test
  void atMostThirtyTwoFieldsAreNamed() throws Exception {
    assertErrors("{\"list\":[" + "true,".repeat(99) + "true]}", Grouped.class)
        .hasSize(32)
        .last()
        .isEqualTo(new FieldError("/list/31", "must be a whole number"));
  }

  @Test
  void anAnswerDoesNotRepeatWhatIsTooLong() throws Exception {
    var name = "n".repeat(100_000);
    assertErrors("{\"map\":{\"" + name + "\":[true]}}", Grouped.class)
        .containsExactly(new FieldError("/map", "must be a whole number"));
    assertErrors(
            "{\"" + name + "\":[true]}",
            new Types.Parameterized(Map.class, List.of(String.class, int[].class)))
        .containsExactly(new FieldError("", "must be a whole number"));
    assertErrors("{\"text\":\"" + "😀".repeat(400) + "\"}", Quoting.class)
        .containsExactly(new FieldError("/text", "x" + "😀".repeat(249)));
  }

  record Quoting(String text) {
    Quoting {
      throw new Invalid("text", "x" + text);
    }
  }

  @Test
  void noPayloadBringsTheBinderDown() {
    var seeds =
        List.of(
            "{\"list\":[1,2],\"map\":{\"a\":[1.5e3]},\"maybe\":\"\\u00e9\",\"formats\":[\"pdf\"]}",
            "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]},null]}",
            "{\"raw\":{\"x\":[-0.1,true,null]},\"any\":{\"y\":\"\\ud83d\\ude00\"}}");
    var alphabet = "{}[]\",:\\ud80-+.eE0179 \n\u0000ntrfé😀";
    var random = new Random(7);
    int bound = 0;
    for (int round = 0; round < 20_000; round++) {
      var json = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(json.length());
        switch (random.nextInt(3)) {
          case 0 -> json.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
          case 1 -> json.insert(at, json.substring(at, Math.min(json.length(), at + 9)));
          default -> json.deleteCharAt(at);
        }
      }
      for (var type : List.of(Grouped.class, Tree.class, Holder.class, Object.class)) {
        try {
          assertThat(bind(json.toString(), type)).isNotNull();
          bound++;
        } catch (InvalidPayload invalid) {
          assertThat(invalid.fields()).hasSizeBetween(1, 32);
        }
      }
    }
    assertThat(bound).as("payloads that were bound").isBetween(1_000, 79_000);
  }

  @Test
  void componentsAreReadInSnakeCaseAndInCamelCaseButNotInBoth() throws Exception {
    assertThat(bind("{\"from_day\":1,\"to_day\":2}", Range.class)).isEqualTo(new Range(1, 2));
    assertThat(bind("{\"fromDay\":1,\"to_day\":2}", Range.class)).isEqualTo(new Range(1, 2));
    assertErrors("{\"fromDay\":1,\"from_day\":1,\"toDay\":2}", Range.class)
        .containsExactly(new FieldError("/from_day", "is given twice: as fromDay too"));
  }

  @ParameterizedTest
  @CsvSource({
    "start,start",
    "startDate,start_date",
    "userID,user_id",
    "URLPath,url_path",
    "x509Cert,x509_cert",
    "item2,item2",
    "start_date,start_date"
  })
  void namesBecomeSnakeCase(String camel, String snake) {
    assertThat(RecordModel.snakeCase(camel)).isEqualTo(snake);
  }

  @Test
  void duplicateNamesAreRefusedEvenIfTheyAreUnknown() throws Exception {
    assertErrors("{\"whole\":1,\"large\":1,\"real\":1,\"whole\":2}", Numbers.class)
        .containsExactly(new FieldError("/whole", "is given twice"));
    assertErrors("{\"whole\":1,\"large\":1,\"real\":1,\"x\":2,\"x\":{}}", Numbers.class)
        .containsExactly(new FieldError("/x", "is given twice"));
    assertErrors("{\"any\":{\"a\":null,\"a\":1}}", Holder.class)
        .containsExactly(new FieldError("/any/a", "is given twice"));
  }

  @Test
  void aConstructorNamesTheFieldAsTheClientWroteIt() throws Exception {
    assertErrors("{\"fromDay\":2,\"toDay\":1}", Range.class)
        .containsExactly(new FieldError("/toDay", "is before from_day"));
    assertErrors(
            "{\"ranges\":[{\"from_day\":1,\"to_day\":1},{\"from_day\":2,\"to_day\":1}]}",
            Ranges.class)
        .containsExactly(new FieldError("/ranges/1/to_day", "is before from_day"));
    var range = "{\"from_day\":1,\"to_day\":1}";
    assertErrors("{\"ranges\":[" + range + "," + range + "," + range + "]}", Ranges.class)
        .containsExactly(new FieldError("/ranges/2/fromDay", "is one too many"));
  }

  @Test
  void otherExceptionsOfAConstructorSayNothing() throws Exception {
    assertErrors("{\"secret\":\"x\"}", Touchy.class)
        .containsExactly(new FieldError("", "is not valid"));
    assertErrors("{\"items\":[{\"secret\":\"y\"}]}", page(Touchy.class))
        .containsExactly(new FieldError("/items/0", "is not valid"));
  }

  @Test
  void aRecordIsNotMadeOfWrongValues() throws Exception {
    assertErrors("{\"from_day\":\"x\",\"to_day\":-1}", Range.class)
        .containsExactly(new FieldError("/from_day", "must be a whole number"));
  }

  @Test
  void aMissingPayloadFitsOnlyARecordWithoutComponents() throws Exception {
    assertThat(bind("null", Nothing.class)).isEqualTo(new Nothing());
    assertThat(bind("{\"a\":1}", Nothing.class)).isEqualTo(new Nothing());
    assertErrors("null", Tree.class).containsExactly(new FieldError("", "must be an object"));
    assertErrors("[1]", Nothing.class).containsExactly(new FieldError("", "must be an object"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-12.50e+3",
        "\"é\\u00e9\\\"\"",
        "null",
        "true",
        "[]",
        "[ 1 , {\"a\" : 1, \"a\":2} ]",
        "{ \"x\" : [\"\\ud800\"] }"
      })
  void rawJsonIsCutOutByteForByte(String value) throws Exception {
    for (var padding : List.of("", " \n\t")) {
      var json =
          "{\"any\":1,\"raw\"" + padding + ":" + padding + value + padding + ",\"more\":[1]}";
      assertThat(((Holder) bind(json, Holder.class)).raw()).isEqualTo(RawJson.of(value));
      var last = "{\"raw\":" + padding + value + padding + "}";
      assertThat(((Holder) bind(last, Holder.class)).raw()).isEqualTo(RawJson.of(value));
    }
    assertThat(bind("[1," + value + " ,2]", listOf(RawJson.class)))
        .isEqualTo(List.of(RawJson.of("1"), RawJson.of(value), RawJson.of("2")));
    assertThat(bind(value, RawJson.class)).isEqualTo(RawJson.of(value));
  }

  @Test
  void rawJsonBehindALongTextIsCutOutAtTheRightPlace() throws Exception {
    var json = "{\"any\":\"" + "😀é".repeat(30_000) + "\",\"raw\":{\"a\":\"😀\"}}";
    assertThat(((Holder) bind(json, Holder.class)).raw()).isEqualTo(RawJson.of("{\"a\":\"😀\"}"));
  }

  @Test
  void rawJsonMayHoldNumbersOfAnyLength() throws Exception {
    var digits = "7".repeat(5000);
    assertThat(((Holder) bind("{\"raw\":" + digits + "}", Holder.class)).raw())
        .isEqualTo(RawJson.of(digits));
  }

  @Test
  void anObjectComponentTakesAnyJson() throws Exception {
    var holder =
        (Holder)
            bind(
                "{\"any\":{\"a\":[1,1.50,null,true,\"x\",12345678901234567890],\"b\":{}}}",
                Holder.class);
    assertThat(holder.any())
        .isEqualTo(
            Map.of(
                "a",
                Arrays.asList(
                    1L,
                    new BigDecimal("1.50"),
                    null,
                    true,
                    "x",
                    new BigDecimal("12345678901234567890")),
                "b",
                Map.of()));
    assertThat(((Holder) bind("{\"any\":null}", Holder.class)).any()).isNull();
  }

  @Test
  void nestingIsBounded() throws Exception {
    assertThat(bind("[".repeat(500) + "]".repeat(500), Object.class)).isInstanceOf(List.class);
    var tooDeep = new FieldError("", "is nested more than 500 levels deep");
    assertErrors("[".repeat(501) + "]".repeat(501), Object.class).containsExactly(tooDeep);
    assertErrors(
            "{\"name\":\"x\",\"skipped\":" + "[".repeat(500) + "]".repeat(500) + "}", Tree.class)
        .containsExactly(tooDeep);
    var deepTree = "{\"children\":[".repeat(251) + "]}".repeat(251);
    assertErrors(deepTree, Tree.class).containsExactly(tooDeep);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"name\":}", "{\"name\" \"x\"}", "nul", "{'a':1}", "01", "NaN"})
  void whatIsNotJsonIsRefused(String json) throws Exception {
    assertErrors(json, Tree.class).containsExactly(new FieldError("", "is not JSON"));
    assertThatExceptionOfType(InvalidPayload.class)
        .isThrownBy(() -> Payloads.requireJson(RawJson.of(json)))
        .withMessage("the payload is not JSON");
  }

  @Test
  void moreThanOneValueIsRefused() throws Exception {
    assertErrors("{} {}", Tree.class)
        .containsExactly(new FieldError("", "is more than one JSON value"));
  }

  @Test
  void anyOneJsonValueIsJson() throws Exception {
    for (var json : List.of("null", " [1,{\"a\":1,\"a\":2}] ", "\"x\"", "7".repeat(2000))) {
      Payloads.requireJson(RawJson.of(json));
    }
    assertThatExceptionOfType(InvalidPayload.class)
        .isThrownBy(() -> Payloads.requireJson(RawJson.of("1 2")));
  }

  private record Clashing(int startDate, int start_date) {}

  private record Unbindable(List<Locale> locales) {}

  private record Growing<T>(Growing<List<T>> next) {}

  @Test
  void typesThatCannotBeBoundAreFoundBeforehand() {
    Payloads.requireBindable(Pages.class);
    Payloads.requireBindable(Tree.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireBindable(Unbindable.class))
        .withMessageContaining("java.util.Locale");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireBindable(Clashing.class))
        .withMessageContaining("start_date");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireBindable(List.class))
        .withMessageContaining("does not say what is in it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payloads.requireBindable(Growing.class))
        .withMessageContaining("Growing");
  }

  private static Object bind(String json, Type type) throws InvalidPayload {
    return Payloads.bind(RawJson.of(json), type);
  }

  private static AbstractListAssert<?, List<? extends FieldError>, FieldError, ?> assertErrors(
      String json, Type type) throws Exception {
    try {
      throw new AssertionError("bound to " + bind(json, type));
    } catch (InvalidPayload invalid) {
      return assertThat(invalid.fields());
    }
  }

  private static Type type(String name) throws ClassNotFoundException {
    var primitive = Class.forPrimitiveName(name);
    return primitive == null ? Class.forName(name) : primitive;
  }

  private static Type listOf(Type type) {
    return new Types.Parameterized(List.class, List.of(type));
  }

  private static Type page(Type type) {
    return new Types.Parameterized(Page.class, List.of(type));
  }
}

package io.streamer.shared.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamer.handler.RawJson;
import io.streamer.shared.payload.Shape.Reading;
import io.streamer.shared.payload.Shape.Wrong;
import io.streamer.shared.protocol.WireText;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types that one JSON token fills. */
final class Scalars {
  /** Digits a number may have, written out: arithmetic on more of them is an attack. */
  static final int MAX_DIGITS = 1000;

  /** RFC 3339; {@link Instant#parse} alone takes years of ten digits and the hour 24, too. */
  private static final Pattern INSTANT =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]([01]\\d|2[0-3]):\\d\\d:\\d\\d(\\.\\d{1,9})?"
              + "([Zz]|[+-]\\d\\d:\\d\\d)");

  /** RFC 9562; {@link UUID#fromString} alone takes groups of any length. */
  private static final Pattern CANONICAL_UUID =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  private static final int LONGEST_LONG = 20;

  /**
   * A type's JSON.
   *
   * @param schema what JSON Schema says of it
   * @param restoring what the writer writes of it may be more than what is taken from clients
   */
  private record Kind(RawJson schema, Reading reading, Reading restoring) {}

  private static final Map<Class<?>, Kind> KINDS =
      Map.ofEntries(
          Map.entry(String.class, kind("{\"type\":\"string\"}", Scalars::text)),
          Map.entry(boolean.class, kind("{\"type\":\"boolean\"}", Scalars::truth)),
          Map.entry(byte.class, whole(Byte.MIN_VALUE, Byte.MAX_VALUE, value -> (byte) value)),
          Map.entry(short.class, whole(Short.MIN_VALUE, Short.MAX_VALUE, value -> (short) value)),
          Map.entry(int.class, whole(Integer.MIN_VALUE, Integer.MAX_VALUE, value -> (int) value)),
          Map.entry(long.class, whole(Long.MIN_VALUE, Long.MAX_VALUE, value -> value)),
          Map.entry(float.class, number(Float::valueOf)),
          Map.entry(double.class, number(Double::valueOf)),
          Map.entry(BigDecimal.class, number(Scalars::decimal)),
          Map.entry(BigInteger.class, kind("{\"type\":\"integer\"}", Scalars::bigWhole)),
          Map.entry(
              Instant.class,
              parsed(
                  "date-time",
                  "must be a time such as 2025-01-31T12:00:00Z",
                  text -> INSTANT.matcher(text).matches() ? Instant.parse(text) : null,
                  Instant::parse)),
          Map.entry(
              LocalDate.class,
              parsed(
                  "date",
                  "must be a date such as 2025-01-31",
                  text -> text.length() == 10 ? LocalDate.parse(text) : null,
                  LocalDate::parse)),
          Map.entry(
              Duration.class,
              parsed(
                  "duration",
                  "must be a duration such as PT1M30S",
                  Duration::parse,
                  Duration::parse)),
          Map.entry(
              UUID.class,
              parsed(
                  "uuid",
                  "must be a UUID",
                  text -> CANONICAL_UUID.matcher(text).matches() ? UUID.fromString(text) : null,
                  UUID::fromString)),
          Map.entry(URI.class, parsed("uri-reference", "must be a URI", URI::create, URI::create)));

  private static final Map<Class<?>, Class<?>> PRIMITIVES =
      Map.of(
          Boolean.class, boolean.class,
          Byte.class, byte.class,
          Short.class, short.class,
          Integer.class, int.class,
          Long.class, long.class,
          Float.class, float.class,
          Double.class, double.class);

  private Scalars() {}

  static Shape.@Nullable Scalar of(Class<?> type) {
    var kind = KINDS.get(PRIMITIVES.getOrDefault(type, type));
    return kind == null
        ? null
        : new Shape.Scalar(kind.schema, type.isPrimitive(), kind.reading, kind.restoring);
  }

  /** The token's text, unless it cannot be written again. */
  static Object text(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      return new Wrong("must be a string");
    }
    var text = json.getText();
    // an escape such as that of U+D800 leaves half a character
    return WireText.isWhole(text) ? text : new Wrong("has half a surrogate pair in it");
  }

  private static Object truth(JsonParser json) {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> new Wrong("must be true or false");
    };
  }

  private static Kind kind(String schema, Reading reading) {
    return new Kind(RawJson.of(schema), reading, reading);
  }

  private static Kind whole(long min, long max, LongFunction<Object> as) {
    var outside = new Wrong("must be a whole number from " + min + " to " + max);
    var schema = "{\"type\":\"integer\",\"minimum\":" + min + ",\"maximum\":" + max + "}";
    return kind(
        schema,
        json -> {
          if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            if (json.getTextLength() > LONGEST_LONG
                || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
              return outside;
            }
            long value = json.getLongValue();
            return value < min || value > max ? outside : as.apply(value);
          }
          return switch (bigWhole(json)) {
            case BigInteger value when value.bitLength() >= Long.SIZE -> outside;
            case BigInteger value when value.longValue() < min || value.longValue() > max ->
                outside;
            case BigInteger value -> as.apply(value.longValue());
            case Object wrong -> wrong;
          };
        });
  }

  /**
   * A whole number may be written {@code 1.0} or {@code 1e3}: some have one kind of number only.
   */
  private static Object bigWhole(JsonParser json) throws IOException {
    var token = json.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      return new Wrong("must be a whole number");
    }
    if (isTooLong(json)) {
      return tooLong();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return new BigInteger(json.getText());
    }
    return switch (decimal(json.getText())) {
      case BigDecimal value when value.stripTrailingZeros().scale() <= 0 -> value.toBigInteger();
      case BigDecimal _ -> new Wrong("must be a whole number");
      case Object wrong -> wrong;
    };
  }

  private static Kind number(Function<String, Object> as) {
    return kind(
        "{\"type\":\"number\"}",
        json -> {
          var token = json.currentToken();
          if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            return new Wrong("must be a number");
          }
          if (isTooLong(json)) {
            return tooLong();
          }
          var value = as.apply(json.getText());
          return switch (value) {
            case Double number when number.isInfinite() -> new Wrong("is too large a number");
            case Float number when number.isInfinite() -> new Wrong("is too large a number");
            default -> value;
          };
        });
  }

  private static Object decimal(String text) {
    try {
      var value = new BigDecimal(text);
      // 1e999999999 is short, and adding 1 to it fills the memory
      return Math.abs((long) value.scale()) > MAX_DIGITS ? tooLong() : value;
    } catch (NumberFormatException _) {
      return tooLong();
    }
  }

  /** A number of a type that is not told: Long where it fits, BigDecimal otherwise. */
  static Object untypedNumber(JsonParser json) throws IOException {
    if (isTooLong(json)) {
      return tooLong();
    }
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return json.getLongValue();
    }
    return decimal(json.getText());
  }

  private static boolean isTooLong(JsonParser json) throws IOException {
    return json.getTextLength() > MAX_DIGITS;
  }

  private static Wrong tooLong() {
    return new Wrong("has more than " + MAX_DIGITS + " digits");
  }

  private static Kind parsed(
      String format,
      String expected,
      Function<String, @Nullable Object> parse,
      Function<String, @Nullable Object> restore) {
    return new Kind(
        RawJson.of("{\"type\":\"string\",\"format\":\"" + format + "\"}"),
        reading(expected, parse),
        reading(expected, restore));
  }

  private static Reading reading(String expected, Function<String, @Nullable Object> parse) {
    var wrong = new Wrong(expected);
    return json -> {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        return wrong;
      }
      try {
        var value = parse.apply(json.getText());
        return value == null ? wrong : value;
      } catch (RuntimeException _) {
        return wrong;
      }
    };
  }
}

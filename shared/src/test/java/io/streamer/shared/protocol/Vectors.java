package io.streamer.shared.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contract's vectors, and JSON as maps, lists, strings, booleans and {@link BigDecimal}s whose
 * equality is that of their values.
 */
final class Vectors {
  private static final JsonFactory JSON = new JsonFactory();

  private Vectors() {}

  /** The vectors of one file below {@code vectors/}. */
  static List<Map<String, Object>> of(String file) {
    var path = "/io/streamer/protocol/vectors/" + file;
    try (var in = Vectors.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is not on the class path");
      }
      try (var json = JSON.createParser(in)) {
        json.nextToken();
        return list(value(json)).stream().map(Vectors::object).toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  static Object parse(byte[] utf8) {
    try (var json = JSON.createParser(utf8)) {
      json.nextToken();
      return value(json);
    } catch (IOException e) {
      throw new UncheckedIOException(new String(utf8, java.nio.charset.StandardCharsets.UTF_8), e);
    }
  }

  @SuppressWarnings("unchecked") // the parser below makes no other maps
  static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // the parser below makes no other lists
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        var object = new LinkedHashMap<String, Object>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          var name = json.currentName();
          json.nextToken();
          object.put(name, value(json));
        }
        yield object;
      }
      case START_ARRAY -> {
        var list = new ArrayList<Object>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(json));
        }
        yield list;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> plain(json.getDecimalValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalStateException("unexpected " + json.currentToken());
    };
  }

  private static BigDecimal plain(BigDecimal number) {
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }
}

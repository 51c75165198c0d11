package io.streamer.worker.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON as a tree, for events: a record that is not as expected must not end the reading of those
 * behind it. The parser bounds the depth.
 */
sealed interface JsonTree {
  JsonFactory JSON = new JsonFactory();

  record Members(Map<String, JsonTree> members) implements JsonTree {}

  record Elements(List<JsonTree> elements) implements JsonTree {}

  record Text(String text) implements JsonTree {}

  /** Numbers, truths and null: events have them where nobody looks. */
  record Other() implements JsonTree {}

  /** The JSON is well formed and not of the form that was asked for. */
  final class MismatchException extends IOException {
    MismatchException(String message) {
      super(message);
    }
  }

  /**
   * Reads one value.
   *
   * @throws IOException if it is not one JSON value
   */
  static JsonTree read(InputStream input) throws IOException {
    try (var json = JSON.createParser(input)) {
      json.nextToken();
      return read(json);
    }
  }

  private static JsonTree read(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case null -> throw new MismatchException("there is no JSON");
      case START_OBJECT -> {
        var members = new LinkedHashMap<String, JsonTree>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          var name = json.currentName();
          json.nextToken();
          members.put(name, read(json));
        }
        yield new Members(members);
      }
      case START_ARRAY -> {
        var elements = new ArrayList<JsonTree>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(read(json));
        }
        yield new Elements(elements);
      }
      case VALUE_STRING -> new Text(json.getText());
      default -> new Other();
    };
  }

  default Map<String, JsonTree> members() throws MismatchException {
    throw new MismatchException("expected an object");
  }

  default List<JsonTree> elements() throws MismatchException {
    throw new MismatchException("expected an array");
  }

  default String text() throws MismatchException {
    throw new MismatchException("expected a string");
  }

  default Optional<JsonTree> find(String name) throws MismatchException {
    return Optional.ofNullable(members().get(name));
  }

  /** The member, which must be there. */
  default JsonTree member(String name) throws MismatchException {
    var member = members().get(name);
    if (member == null) {
      throw new MismatchException("expected " + name);
    }
    return member;
  }
}

package io.streamer.shared.dynamo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.streamer.handler.RawJson;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Items as DynamoDB's JSON has them: each value in an object that names its type. */
final class ItemJson {
  static final JsonFactory JSON =
      JsonFactory.builder()
          // the keys of a map may be a client's: no table of names outlives the text
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .build();

  private ItemJson() {}

  static void write(JsonGenerator json, Item item) throws IOException {
    write(json, item.attributes());
  }

  static void write(JsonGenerator json, Map<String, Value> attributes) throws IOException {
    json.writeStartObject();
    for (var attribute : attributes.entrySet()) {
      json.writeFieldName(attribute.getKey());
      write(json, attribute.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Value value) throws IOException {
    json.writeStartObject();
    switch (value) {
      case Value.S(var text) -> json.writeStringField("S", text);
      case Value.N(var digits) -> json.writeStringField("N", digits);
      case Value.B(var raw) -> json.writeBinaryField("B", raw.utf8());
      case Value.Bool(var on) -> json.writeBooleanField("BOOL", on);
      case Value.M(var entries) -> {
        json.writeFieldName("M");
        write(json, entries);
      }
      case Value.L(var elements) -> {
        json.writeArrayFieldStart("L");
        for (var element : elements) {
          write(json, element);
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  /**
   * Reads the object that the parser stands on.
   *
   * @throws IllegalStateException naming the attribute that has a type which we never write
   */
  static Item read(JsonParser json) throws IOException {
    return new Item(attributes(json));
  }

  /** Reads the array of items that the parser stands on. */
  static List<Item> readAll(JsonParser json) throws IOException {
    expect(json, JsonToken.START_ARRAY);
    var items = new ArrayList<Item>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(read(json));
    }
    return items;
  }

  private static Map<String, Value> attributes(JsonParser json) throws IOException {
    expect(json, JsonToken.START_OBJECT);
    var attributes = new HashMap<String, Value>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      var name = json.currentName();
      json.nextToken();
      attributes.put(name, value(name, json));
    }
    return attributes;
  }

  private static Value value(String name, JsonParser json) throws IOException {
    expect(json, JsonToken.START_OBJECT);
    json.nextToken();
    var type = String.valueOf(json.currentName());
    json.nextToken();
    var value =
        switch (type) {
          case "S" -> new Value.S(text(json));
          case "N" -> new Value.N(text(json));
          case "B" -> new Value.B(RawJson.of(json.getBinaryValue()));
          case "BOOL" -> new Value.Bool(json.getBooleanValue());
          case "M" -> new Value.M(attributes(json));
          case "L" -> {
            expect(json, JsonToken.START_ARRAY);
            var elements = new ArrayList<Value>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
              elements.add(value(name, json));
            }
            yield new Value.L(elements);
          }
          // sets and null among them
          default ->
              throw new IllegalStateException(name + " is a " + type + ", which we never write");
        };
    json.nextToken();
    expect(json, JsonToken.END_OBJECT);
    return value;
  }

  private static String text(JsonParser json) throws IOException {
    expect(json, JsonToken.VALUE_STRING);
    return json.getText();
  }

  /**
   * Checks where the parser stands.
   *
   * @throws IOException if it is elsewhere; the text itself is in no message
   */
  static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw new IOException("the answer has " + json.currentToken() + " in place of " + token);
    }
  }
}

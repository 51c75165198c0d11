package io.streamer.worker;

import io.streamer.handler.RawJson;
import io.streamer.shared.store.Item;
import io.streamer.shared.store.Value;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Items in the typed JSON of stream events: {@code {"jobId":{"S":"…"},"epoch":{"N":"0"}}}. */
final class StreamImages {
  private StreamImages() {}

  /**
   * @throws JsonTree.MismatchException if it is not of that form
   * @throws IllegalArgumentException if it has a type that our tables do not use
   */
  static Item item(JsonTree image) throws JsonTree.MismatchException {
    return new Item(attributes(image));
  }

  private static Map<String, Value> attributes(JsonTree image) throws JsonTree.MismatchException {
    var attributes = new HashMap<String, Value>();
    for (var entry : image.members().entrySet()) {
      attributes.put(entry.getKey(), value(entry.getValue()));
    }
    return attributes;
  }

  private static Value value(JsonTree typed) throws JsonTree.MismatchException {
    var members = typed.members();
    if (members.size() != 1) {
      throw new IllegalArgumentException("an attribute has one type, not " + members.keySet());
    }
    var only = members.entrySet().iterator().next();
    var value = only.getValue();
    return switch (only.getKey()) {
      case "S" -> new Value.S(value.text());
      case "N" -> new Value.N(value.text());
      case "BOOL" -> new Value.Bool(value.truth());
      case "B" -> new Value.B(RawJson.of(Base64.getDecoder().decode(value.text())));
      case "M" -> new Value.M(attributes(value));
      case "L" -> {
        var elements = new ArrayList<Value>();
        for (var element : value.elements()) {
          elements.add(value(element));
        }
        yield new Value.L(elements);
      }
      default -> throw new IllegalArgumentException("an attribute of type " + only.getKey());
    };
  }
}

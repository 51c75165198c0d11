package io.streamer.shared.table;

import io.streamer.handler.RawJson;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Our values as the SDK has them, and back. */
final class SdkValues {
  private SdkValues() {}

  static Map<String, AttributeValue> write(Item item) {
    return write(item.attributes());
  }

  static AttributeValue write(Value value) {
    return switch (value) {
      case Value.S(var text) -> AttributeValue.fromS(text);
      case Value.N(var digits) -> AttributeValue.fromN(digits);
      case Value.B(var json) -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(json.utf8()));
      case Value.Bool(var on) -> AttributeValue.fromBool(on);
      case Value.M(var entries) -> AttributeValue.fromM(write(entries));
      case Value.L(var elements) ->
          AttributeValue.fromL(elements.stream().map(SdkValues::write).toList());
    };
  }

  /** The values of expressions; {@code null} for none. */
  static @Nullable Map<String, AttributeValue> writeIfAny(@Nullable Map<String, Value> values) {
    return values == null ? null : write(values);
  }

  static Item read(Map<String, AttributeValue> attributes) {
    return new Item(readAll(attributes));
  }

  private static Map<String, AttributeValue> write(Map<String, Value> values) {
    return values.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> write(entry.getValue())));
  }

  private static Map<String, Value> readAll(Map<String, AttributeValue> attributes) {
    var values = new HashMap<String, Value>();
    attributes.forEach((name, value) -> values.put(name, read(name, value)));
    return values;
  }

  private static Value read(String name, AttributeValue value) {
    return switch (value.type()) {
      case S -> new Value.S(value.s());
      case N -> new Value.N(value.n());
      case B -> new Value.B(RawJson.of(value.b().asByteArray()));
      case BOOL -> new Value.Bool(value.bool());
      case M -> new Value.M(readAll(value.m()));
      case L -> new Value.L(value.l().stream().map(element -> read(name, element)).toList());
      case SS, NS, BS, NUL, UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalStateException(
              name + " is a " + value.type() + ", which we never write");
    };
  }
}

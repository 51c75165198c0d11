package io.streamer.shared.table;

import io.streamer.handler.RawJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One attribute's value, as DynamoDB types it. */
public sealed interface Value {

  record S(String text) implements Value {}

  /**
   * A number.
   *
   * @param digits a decimal number; read it back as a number, for the table writes it its own way
   */
  record N(String digits) implements Value {}

  /** JSON kept byte for byte. */
  record B(RawJson json) implements Value {}

  record Bool(boolean on) implements Value {}

  record M(Map<String, Value> entries) implements Value {
    public M {
      entries = Map.copyOf(entries);
    }
  }

  record L(List<Value> elements) implements Value {
    public L {
      elements = List.copyOf(elements);
    }
  }

  static Value of(String text) {
    return new S(text);
  }

  static Value of(long number) {
    return new N(Long.toString(number));
  }

  static Value of(double number) {
    return new N(BigDecimal.valueOf(number).stripTrailingZeros().toPlainString());
  }

  static Value of(RawJson json) {
    return new B(json);
  }

  /** Strings by name. */
  static Value of(Map<String, String> texts) {
    var entries = new HashMap<String, Value>();
    texts.forEach((name, text) -> entries.put(name, of(text)));
    return new M(entries);
  }

  /** The bytes that a table counts for it, rounded up; names are counted by {@link Item}. */
  default int size() {
    return switch (this) {
      case S(var text) -> text.getBytes(StandardCharsets.UTF_8).length;
      case N(var digits) -> digits.length() / 2 + 2;
      case B(var json) -> json.utf8().length;
      case Bool _ -> 1;
      case M(var entries) -> 3 + entries.size() + new Item(entries).size();
      case L(var elements) -> 3 + elements.stream().mapToInt(value -> 1 + value.size()).sum();
    };
  }
}

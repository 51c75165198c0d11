package io.streamer.shared.table;

import io.streamer.handler.RawJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One item or key: attributes by name. Reading an attribute that has another type is an
 * IllegalStateException: somebody else writes to our tables.
 */
public record Item(Map<String, Value> attributes) {
  public Item {
    attributes = Map.copyOf(attributes);
  }

  /** An item or key of one string attribute. */
  public static Item of(String name, String text) {
    return new Item(Map.of(name, Value.of(text)));
  }

  /** The bytes that a table counts for it, rounded up. */
  public int size() {
    return attributes.entrySet().stream()
        .mapToInt(entry ->
            entry.getKey().getBytes(StandardCharsets.UTF_8).length + entry.getValue().size())
        .sum();
  }

  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  public String text(String name) {
    return findText(name).orElseThrow(() -> wrong(name));
  }

  public Optional<String> findText(String name) {
    return switch (attributes.get(name)) {
      case null -> Optional.empty();
      case Value.S(var text) -> Optional.of(text);
      case Value _ -> throw wrong(name);
    };
  }

  public long whole(String name) {
    return findWhole(name).orElseThrow(() -> wrong(name));
  }

  public Optional<Long> findWhole(String name) {
    return findNumber(name).map(BigDecimal::longValueExact);
  }

  public double number(String name) {
    return findNumber(name).orElseThrow(() -> wrong(name)).doubleValue();
  }

  private Optional<BigDecimal> findNumber(String name) {
    return switch (attributes.get(name)) {
      case null -> Optional.empty();
      case Value.N(var digits) -> Optional.of(new BigDecimal(digits));
      case Value _ -> throw wrong(name);
    };
  }

  public Optional<RawJson> findJson(String name) {
    return switch (attributes.get(name)) {
      case null -> Optional.empty();
      case Value.B(var json) -> Optional.of(json);
      case Value _ -> throw wrong(name);
    };
  }

  public Optional<Item> findMap(String name) {
    return switch (attributes.get(name)) {
      case null -> Optional.empty();
      case Value.M(var entries) -> Optional.of(new Item(entries));
      case Value _ -> throw wrong(name);
    };
  }

  /** Strings by name; none if the attribute is not there. */
  public Map<String, String> texts(String name) {
    var entries = findMap(name);
    if (entries.isEmpty()) {
      return Map.of();
    }
    var texts = new LinkedHashMap<String, String>();
    entries.get().attributes().keySet().forEach(key -> texts.put(key, entries.get().text(key)));
    return texts;
  }

  /** The elements of a list; none if the attribute is not there. */
  public List<Value> list(String name) {
    return switch (attributes.get(name)) {
      case null -> List.of();
      case Value.L(var elements) -> elements;
      case Value _ -> throw wrong(name);
    };
  }

  private IllegalStateException wrong(String name) {
    // the names alone: values are users' data and must not reach a log
    return new IllegalStateException(
        name + " is missing or of another type; the item has " + attributes.keySet());
  }

  /** Collects attributes. */
  public static final class Builder {
    private final Map<String, Value> attributes = new HashMap<>();

    public Builder put(String name, String text) {
      return put(name, Value.of(text));
    }

    public Builder put(String name, long number) {
      return put(name, Value.of(number));
    }

    public Builder put(String name, Value value) {
      attributes.put(name, value);
      return this;
    }

    public Builder putAll(Item item) {
      attributes.putAll(item.attributes());
      return this;
    }

    public Item build() {
      return new Item(attributes);
    }
  }
}

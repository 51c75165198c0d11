package io.streamer.shared.store;

import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Value;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The tables as the service treats them, in memory: requests and conditions as they are sent. */
public final class MemoryTables {
  private static final List<String> KEYS =
      List.of("jobId", "job", "part", "topic", "connectionId", "nodeId");

  private final Map<Item, Item> items;

  public MemoryTables(Map<Item, Item> items) {
    this.items = new HashMap<>(items);
  }

  Map<Item, Item> items() {
    return items;
  }

  public Answer send(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Get(_, var key, _) -> new Answer.Row(Optional.ofNullable(items.get(key)));
      case StoreRequest.Put(_, var item, var conditions) -> {
        var old = Optional.ofNullable(items.get(key(item)));
        if (!hold(conditions, old)) {
          yield new Answer.Refused(old);
        }
        items.put(key(item), item);
        yield new Answer.Row(Optional.empty());
      }
      case StoreRequest.Update update -> {
        var old = Optional.ofNullable(items.get(update.key()));
        if (!hold(update.conditions(), old)) {
          yield new Answer.Refused(old);
        }
        var row = new HashMap<>(old.orElse(update.key()).attributes());
        row.putAll(update.set());
        update
            .add()
            .forEach((name, by) ->
                row.put(name, Value.of(new Item(row).findWhole(name).orElse(0L) + by)));
        update.remove().forEach(row::remove);
        items.put(update.key(), new Item(row));
        yield new Answer.Row(Optional.of(new Item(row)));
      }
      case StoreRequest.Delete(_, var key) ->
          new Answer.Row(Optional.ofNullable(items.remove(key)));
      case StoreRequest.Range range ->
          new Answer.Rows(
              items.values().stream()
                  .filter(item -> range.value().equals(item.attributes().get(range.attribute())))
                  .filter(item -> within(item, range))
                  .sorted(Comparator.comparing(item -> sort(item, range.sort())))
                  .toList(),
              Optional.empty(),
              List.of());
      case StoreRequest.Batch(_, var keys, _) ->
          new Answer.Rows(
              keys.stream().flatMap(key -> Stream.ofNullable(items.get(key))).toList(),
              Optional.empty(),
              List.of());
      case StoreRequest.Query _,
          StoreRequest.Queries _,
          StoreRequest.Scan _,
          StoreRequest.Writes _ ->
          throw new IllegalArgumentException("no such request");
    };
  }

  static Item key(Item item) {
    var key = new HashMap<>(item.attributes());
    key.keySet().retainAll(item.has("jobId") ? List.of("jobId") : KEYS);
    return new Item(key);
  }

  private static boolean within(Item item, StoreRequest.Range range) {
    return item.has(range.sort())
        && sort(item, range.sort()).compareTo(text(range.from())) >= 0
        && sort(item, range.sort()).compareTo(text(range.to())) <= 0;
  }

  private static String sort(Item item, String name) {
    return item.attributes().entrySet().stream()
        .filter(entry -> entry.getKey().equals(name))
        .map(entry -> text(entry.getValue()))
        .findFirst()
        .orElseThrow();
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.S(var text) -> text;
      case Value.N(var digits) -> "%030d".formatted(new BigDecimal(digits).longValueExact());
      case Value _ -> throw new IllegalArgumentException("no sort key");
    };
  }

  private static boolean hold(List<Condition> conditions, Optional<Item> old) {
    return conditions.stream()
        .allMatch(condition -> {
          var there = old.map(item -> item.attributes().get(condition.attribute()));
          return switch (condition) {
            case Condition.Absent _ -> there.isEmpty();
            case Condition.Present _ -> there.isPresent();
            case Condition.Equal(_, var value) -> there.filter(value::equals).isPresent();
            case Condition.AtMost(_, var value) ->
                there.isEmpty() || text(there.get()).compareTo(text(value)) <= 0;
            case Condition.OneOf(_, var values) -> there.filter(values::contains).isPresent();
          };
        });
  }
}

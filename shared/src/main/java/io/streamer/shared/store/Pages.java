package io.streamer.shared.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lists the items of a table that stand under one key of an index, newest first: the index holds
 * keys alone, the items are fetched behind it.
 *
 * @param table the table and
 * @param id its one key attribute
 * @param sort the index's sort attribute, a number
 */
record Pages(String table, String id, String sort) {
  private static final int MOST_ROUNDS = 5;
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,19})\\.(.{1,1024})");

  /**
   * One page. Items that went away between index and table are left out, so it may be short.
   *
   * @param limit cut to 1 to 100
   * @param cursor of the page before; it holds no part of the index's key, so that nobody can turn
   *     to another's items by it
   * @throws IllegalArgumentException if it is no cursor of ours
   */
  Call<Page<Item>> page(
      String index, String attribute, String value, int limit, Optional<String> cursor) {
    var query =
        new Request.Query(
            table,
            index,
            attribute,
            Value.of(value),
            Math.clamp(limit, 1, Request.Batch.MOST_KEYS),
            cursor.map(text -> after(attribute, value, text)));
    return Call.ask(query, Pages::rows)
        .then(rows ->
            items(rows.items()).map(items -> new Page<>(items, rows.last().map(this::cursor))));
  }

  /** The items that an index's entries stand for, in their order. */
  Call<List<Item>> items(List<Item> entries) {
    var keys = entries.stream().map(item -> Item.of(id, item.text(id))).toList();
    return fetch(keys, List.of(), MOST_ROUNDS).map(items -> inOrder(keys, items));
  }

  private Call<List<Item>> fetch(List<Item> keys, List<Item> sofar, int rounds) {
    if (keys.isEmpty()) {
      return Call.done(sofar);
    }
    if (rounds == 0) {
      throw new StoreUnavailableException("the tables served a part of a batch only");
    }
    return Call.ask(new Request.Batch(table, keys), Pages::rows)
        .then(rows -> {
          var all = new ArrayList<>(sofar);
          all.addAll(rows.items());
          return fetch(rows.left(), all, rounds - 1);
        });
  }

  private List<Item> inOrder(List<Item> keys, List<Item> items) {
    Map<String, Item> byId = new HashMap<>();
    items.forEach(item -> byId.put(item.text(id), item));
    return keys.stream().map(key -> byId.get(key.text(id))).filter(Objects::nonNull).toList();
  }

  String cursor(Item last) {
    var text = last.whole(sort) + "." + last.text(id);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  Item after(String attribute, String value, String cursor) {
    var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    var match = CURSOR.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("not a cursor");
    }
    return new Item.Builder()
        .put(attribute, value)
        .put(sort, Long.parseLong(match.group(1)))
        .put(id, match.group(2))
        .build();
  }

  static Answer.Rows rows(Answer answer) {
    return switch (answer) {
      case Answer.Rows rows -> rows;
      case Answer.Row _, Answer.Refused _ ->
          throw new IllegalStateException("several items were asked for");
    };
  }
}

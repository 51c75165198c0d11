package io.streamer.shared.table;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Lists the items of a table that stand under one key of an index, newest first: the index holds
 * keys alone, the items are fetched behind it.
 *
 * @param table the table and
 * @param id its one key attribute
 * @param sort the index's sort attribute, a number
 */
public record Pages(String table, String id, String sort) {
  private static final int MOST_ROUNDS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Pattern CURSOR = Pattern.compile("(\\d{1,19})\\.(.{1,1024})");

  /**
   * One page. Items that went away between index and table are left out, so it may be short.
   *
   * @param limit cut to 1 to 100
   * @param cursor of the page before; it holds no part of the index's key, so that nobody can turn
   *     to another's items by it
   * @throws IllegalArgumentException if it is no cursor of ours
   */
  public Call<Page<Item>> page(
      String index, String attribute, String value, int limit, Optional<String> cursor) {
    var query =
        new StoreRequest.Query(
            table,
            index,
            attribute,
            Value.of(value),
            Math.clamp(limit, 1, StoreRequest.Batch.MOST_KEYS),
            cursor.map(text -> after(attribute, value, text)));
    return Call.ask(query, Pages::rows)
        .then(rows -> items(rows.items(), rows.last().map(this::cursor), this::cursor));
  }

  /**
   * The items that an index's entries stand for, in their order, up to the first that the table
   * would not serve now: the next page begins with that one.
   *
   * @param next behind all entries
   * @param cursor behind one of them
   * @throws StoreUnavailableException when executed, if that is the first of all
   */
  Call<Page<Item>> items(List<Item> entries, Optional<String> next, Function<Item, String> cursor) {
    return fetch(entries)
        .map(found -> {
          var served =
              entries.stream().takeWhile(entry -> !found.left().contains(key(entry))).toList();
          if (served.size() == entries.size()) {
            return new Page<>(found.in(entries), next);
          }
          if (served.isEmpty()) {
            throw new StoreUnavailableException("the tables did not serve a batch's first item");
          }
          return new Page<>(found.in(served), Optional.of(cursor.apply(served.getLast())));
        });
  }

  /**
   * As many of the items as the table serves now, in the entries' order.
   *
   * @throws StoreUnavailableException when executed, if there are entries and it serves none
   */
  public Call<List<Item>> some(List<Item> entries) {
    return fetch(entries)
        .map(found -> {
          if (!entries.isEmpty() && found.left().size() == entries.size()) {
            throw new StoreUnavailableException("the tables served nothing of a batch");
          }
          return found.in(entries);
        });
  }

  /**
   * What came of a batch.
   *
   * @param left the keys that were not served
   */
  private record Found(String id, Map<String, Item> byId, List<Item> left) {
    List<Item> in(List<Item> entries) {
      return entries.stream()
          .map(entry -> byId.get(entry.text(id)))
          .filter(Objects::nonNull)
          .toList();
    }
  }

  private Call<Found> fetch(List<Item> entries) {
    var keys = entries.stream().map(this::key).toList();
    return fetch(new Found(id, Map.of(), keys), 0);
  }

  /** Asks again for what was left, and waits longer each time before it does. */
  private Call<Found> fetch(Found sofar, int round) {
    if (sofar.left().isEmpty() || round == MOST_ROUNDS) {
      return Call.done(sofar);
    }
    var pause = round == 0 ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << (round - 1));
    return Call.ask(new StoreRequest.Batch(table, sofar.left(), pause), Pages::rows)
        .then(rows -> {
          var all = new HashMap<>(sofar.byId());
          rows.items().forEach(item -> all.put(item.text(id), item));
          return fetch(new Found(id, all, rows.left()), round + 1);
        });
  }

  private Item key(Item entry) {
    return Item.of(id, entry.text(id));
  }

  public String cursor(Item last) {
    var text = last.whole(sort) + "." + last.text(id);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  public Item after(String attribute, String value, String cursor) {
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

  public static Answer.Rows rows(Answer answer) {
    return switch (answer) {
      case Answer.Rows rows -> rows;
      case Answer.Row _, Answer.Refused _ ->
          throw new IllegalStateException("several items were asked for");
    };
  }
}

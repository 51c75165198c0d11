package io.streamer.shared.table;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lists the items that stand under one key of an index whose entries are spread over shards: one
 * partition takes a thousand writes a second, and a tenant's items may all be written at once. The
 * newest come first, from whichever shard.
 *
 * @param index with the shard's key
 * @param attribute and, by
 * @param sort a text that no two items share
 */
public record SpreadPages(Pages pages, String index, String attribute, String sort) {
  static final int SHARDS = 16;

  /** Each shard is asked for twice its share of a page: then one round is enough for most pages. */
  private static final int SHARES = SHARDS / 2;

  private static final int SHARD_BITS = 4;
  private static final int GOLDEN = 0x9E3779B9;
  private static final Pattern CURSOR = Pattern.compile("\\d{19}#(.{1,1024})");

  /** The key under which an item stands in the index. */
  public static String shard(String key, String id) {
    return shard(key, (id.hashCode() * GOLDEN) >>> (Integer.SIZE - SHARD_BITS));
  }

  private static String shard(String key, int shard) {
    return "%s#%02d".formatted(key, shard);
  }

  /** What an item is sorted by. */
  public static String since(long epochMs, String id) {
    return "%019d#%s".formatted(epochMs, id);
  }

  /** The cursor of a page that ends with the item of this sort attribute. */
  public static String cursor(String since) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(since.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The sort attribute of the item behind which a page begins.
   *
   * @throws IllegalArgumentException if it is no cursor of ours
   */
  public static String read(String cursor) {
    var since = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    if (!CURSOR.matcher(since).matches()) {
      throw new IllegalArgumentException("not a cursor");
    }
    return since;
  }

  /**
   * One page, as {@link Pages#page}.
   *
   * @param limit cut to 1 to 100
   * @throws IllegalArgumentException if the cursor is none of ours
   */
  public Call<Page<Item>> page(String key, int limit, Optional<String> cursor) {
    int most = Math.clamp(limit, 1, StoreRequest.Batch.MOST_KEYS);
    var since = cursor.map(SpreadPages::read);
    var queries =
        IntStream.range(0, SHARDS)
            .mapToObj(shard -> shard(key, shard))
            .map(part -> query(part, most, since.map(it -> key(part, it))))
            .toList();
    return page(most, List.of(), List.of(), queries);
  }

  /**
   * Asks until no shard can have an entry that is newer than the page's last.
   *
   * @param entries found so far
   * @param open the last entries of shards that have more and are not asked this time
   */
  private Call<Page<Item>> page(
      int most, List<Item> entries, List<Item> open, List<StoreRequest.Query> queries) {
    return Call.ask(new StoreRequest.Queries(queries), Pages::rows)
        .then(rows -> {
          var found =
              Stream.concat(entries.stream(), rows.items().stream()).sorted(newestFirst()).toList();
          var last = found.size() < most ? "" : since(found.get(most - 1));
          var more = Stream.concat(open.stream(), rows.left().stream()).toList();
          var lagging = more.stream().filter(key -> since(key).compareTo(last) > 0).toList();
          if (!lagging.isEmpty()) {
            var rest = more.stream().filter(key -> since(key).compareTo(last) <= 0).toList();
            var again =
                lagging.stream()
                    .map(key -> query(key.text(attribute), most, Optional.of(key)))
                    .toList();
            return page(most, found, rest, again);
          }
          var next =
              found.size() > most || !more.isEmpty()
                  ? Optional.of(cursor(last))
                  : Optional.<String>empty();
          return pages.items(
              found.stream().limit(most).toList(), next, entry -> cursor(since(entry)));
        });
  }

  private StoreRequest.Query query(String shard, int most, Optional<Item> after) {
    int share = Math.ceilDiv(most, SHARES);
    return new StoreRequest.Query(pages.table(), index, attribute, Value.of(shard), share, after);
  }

  private Item key(String shard, String since) {
    return new Item.Builder()
        .put(attribute, shard)
        .put(sort, since)
        .put(pages.id(), since.substring(since.indexOf('#') + 1))
        .build();
  }

  private Comparator<Item> newestFirst() {
    return Comparator.comparing((Item entry) -> since(entry)).reversed();
  }

  private String since(Item entry) {
    return entry.text(sort);
  }
}

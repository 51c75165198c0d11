package io.streamer.shared.table;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** One request to the tables. */
public sealed interface StoreRequest {

  /** Answered with a {@link Answer.Row}: the item, if it is there. */
  record Get(String table, Item key, boolean consistent) implements StoreRequest {}

  /**
   * Answered with an empty {@link Answer.Row}, or {@link Answer.Refused} with the item that is
   * there.
   */
  record Put(String table, Item item, List<Condition> conditions) implements StoreRequest {}

  /** Answered with a {@link Answer.Row} of the item as written, or {@link Answer.Refused}. */
  record Update(
      String table,
      Item key,
      Map<String, Value> set,
      Map<String, Long> add,
      Set<String> remove,
      List<Condition> conditions)
      implements StoreRequest {
    public Update {
      set = Map.copyOf(set);
      add = Map.copyOf(add);
      remove = Set.copyOf(remove);
      conditions = List.copyOf(conditions);
    }

    /** One that counts nothing up. */
    public Update(
        String table,
        Item key,
        Map<String, Value> set,
        Set<String> remove,
        List<Condition> conditions) {
      this(table, key, set, Map.of(), remove, conditions);
    }
  }

  /** Answered with a {@link Answer.Row}: the item that was there, if any. */
  record Delete(String table, Item key) implements StoreRequest {}

  /**
   * The items of an index under one key, the highest sort key first; answered with {@link
   * Answer.Rows}.
   *
   * @param after the key of the last item that the page before had
   */
  record Query(
      String table, String index, String attribute, Value value, int limit, Optional<Item> after)
      implements StoreRequest {}

  /**
   * The items of a table or index under one key whose sort key lies between two, the lowest first;
   * answered with {@link Answer.Rows}.
   *
   * @param index or the table itself
   * @param from and
   * @param to stand in it, too
   * @param after the key of the last item that the page before had
   * @param consistent all writes up to now included; an index cannot
   */
  record Range(
      String table,
      Optional<String> index,
      String attribute,
      Value value,
      String sort,
      Value from,
      Value to,
      int limit,
      Optional<Item> after,
      boolean consistent)
      implements StoreRequest {}

  /** All items of a table, for small ones; answered with {@link Answer.Rows}. */
  record Scan(String table, Optional<Item> after) implements StoreRequest {}

  /**
   * At most 100 items by their keys, in any order; answered with {@link Answer.Rows}.
   *
   * @param pause before it is sent, at most: keys that were left are those that are asked for too
   *     often. Whoever sends takes a half of it or more, not all the same
   */
  record Batch(String table, List<Item> keys, Duration pause) implements StoreRequest {
    /** What the service takes at once. */
    public static final int MOST_KEYS = 100;

    /** The pause that one sender takes: those who were refused together do not come together. */
    public Duration jittered() {
      long half = pause.toNanos() / 2;
      return Duration.ofNanos(half + ThreadLocalRandom.current().nextLong(half + 1));
    }
  }

  /** Several queries at once; answered with {@link Answer.Rows} of all of them. */
  record Queries(List<Query> queries) implements StoreRequest {
    public Queries {
      queries = List.copyOf(queries);
    }
  }

  /**
   * Puts items and takes others away, at most 25 together and none twice, in any order and each for
   * itself; answered with {@link Answer.Rows} that have but what is left.
   */
  record Writes(String table, List<Item> put, List<Item> delete) implements StoreRequest {
    /** What the service takes at once. */
    public static final int MOST = 25;

    public Writes {
      put = List.copyOf(put);
      delete = List.copyOf(delete);
    }
  }
}

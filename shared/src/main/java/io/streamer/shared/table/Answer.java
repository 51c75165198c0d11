package io.streamer.shared.table;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What came back for a {@link StoreRequest}. */
public sealed interface Answer {

  /**
   * The one item that a read or a write answers with, if there is one.
   *
   * @throws IllegalStateException if it was refused, or several were asked for
   */
  default Optional<Item> item() {
    throw new IllegalStateException("one item was asked for, and the answer is " + getClass());
  }

  /** Whether the condition held, if there was one. */
  default boolean accepted() {
    return !(this instanceof Refused);
  }

  /** One item, or none. */
  record Row(Optional<Item> item) implements Answer {}

  /**
   * Several items.
   *
   * @param last the key to go on after, of a query that has more
   * @param left what a batch asked for and was not served this time: keys, or items to be put; of
   *     several queries the keys to go on after
   */
  record Rows(List<Item> items, Optional<Item> last, List<Item> left) implements Answer {

    /** The answer to several queries, in their order. */
    public static Rows together(Stream<Rows> answers) {
      var all = answers.toList();
      return new Rows(
          all.stream().flatMap(rows -> rows.items().stream()).toList(),
          Optional.empty(),
          all.stream().flatMap(rows -> rows.last().stream()).toList());
    }
  }

  /**
   * The condition did not hold.
   *
   * @param old the item that is there, if any
   */
  record Refused(Optional<Item> old) implements Answer {}
}

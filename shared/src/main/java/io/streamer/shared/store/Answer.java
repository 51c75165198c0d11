package io.streamer.shared.store;

import java.util.List;
import java.util.Optional;

/** What came back for a {@link Request}. */
public sealed interface Answer {

  /** One item, or none. */
  record Row(Optional<Item> item) implements Answer {}

  /**
   * Several items.
   *
   * @param last the key to go on after, of a query that has more
   * @param left the keys of a batch that were not served this time
   */
  record Rows(List<Item> items, Optional<Item> last, List<Item> left) implements Answer {}

  /**
   * The condition did not hold.
   *
   * @param old the item that is there, if any
   */
  record Refused(Optional<Item> old) implements Answer {}
}

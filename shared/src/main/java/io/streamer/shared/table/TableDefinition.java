package io.streamer.shared.table;

import java.util.List;
import java.util.Optional;

/**
 * One table, as code makes it locally and terraform in an account.
 *
 * @param name behind the prefix
 * @param stream whether it has a stream of new images
 * @param ttl the attribute with the epoch second after which an item may go
 */
public record TableDefinition(
    String name, Key key, List<Index> indexes, boolean stream, String ttl) {
  public TableDefinition {
    indexes = List.copyOf(indexes);
  }

  /** An index that holds keys alone; items without its attributes do not stand in it. */
  public record Index(String name, Key key) {}

  public record Key(Attribute partition, Optional<Attribute> sort) {
    static Key of(Attribute partition) {
      return new Key(partition, Optional.empty());
    }

    static Key of(Attribute partition, Attribute sort) {
      return new Key(partition, Optional.of(sort));
    }

    public List<Attribute> attributes() {
      return sort.map(second -> List.of(partition, second)).orElseGet(() -> List.of(partition));
    }
  }

  /**
   * An attribute that a key is made of.
   *
   * @param number a number; else a string
   */
  public record Attribute(String name, boolean number) {
    static Attribute text(String name) {
      return new Attribute(name, false);
    }

    static Attribute number(String name) {
      return new Attribute(name, true);
    }
  }
}

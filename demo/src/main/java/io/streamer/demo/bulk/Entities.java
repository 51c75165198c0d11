package io.streamer.demo.bulk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entities of one type, as far as one run has to do with them: it takes every id for one that
 * exists until the run itself creates or deletes it. Nothing outlives the run.
 */
final class Entities {
  private static final int MAX_ID = 128;

  private final Map<String, Map<?, ?>> known = new HashMap<>();
  private final Set<String> deleted = new HashSet<>();
  private int made;

  /** Why an item was not done; the message is for the client. */
  static final class Rejected extends Exception {
    Rejected(String message) {
      // no stack trace: thousands of them are an ordinary outcome
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  void apply(OperationType operation, @Nullable Object item) throws Rejected {
    if (!(item instanceof Map<?, ?> fields)) {
      throw new Rejected("must be an object");
    }
    var id = id(fields.get("id"));
    switch (operation) {
      case CREATE -> create(id == null ? unused() : id, fields);
      case UPDATE -> update(required(id), fields);
      case DELETE -> delete(required(id));
    }
  }

  private void create(String id, Map<?, ?> fields) throws Rejected {
    if (known.putIfAbsent(id, fields) != null) {
      throw new Rejected("id " + id + " was created by an earlier item");
    }
  }

  private void update(String id, Map<?, ?> fields) {
    known.merge(
        id,
        fields,
        (before, changes) -> {
          var after = new LinkedHashMap<Object, Object>(before);
          after.putAll(changes);
          return after;
        });
  }

  private void delete(String id) throws Rejected {
    if (!deleted.add(id)) {
      throw new Rejected("id " + id + " was deleted by an earlier item");
    }
    known.remove(id);
  }

  private String unused() {
    String id;
    do {
      id = "new-" + ++made;
    } while (known.containsKey(id));
    return id;
  }

  private static String required(@Nullable String id) throws Rejected {
    if (id == null) {
      throw new Rejected("id is missing");
    }
    return id;
  }

  /** Null if there is none; 7 and "7" are the same. */
  private static @Nullable String id(@Nullable Object value) throws Rejected {
    return switch (value) {
      case null -> null;
      case String text when !text.isBlank() && text.length() <= MAX_ID -> text;
      case Long number -> number.toString();
      default -> throw new Rejected("id must be 1 to " + MAX_ID + " characters or a whole number");
    };
  }

  /** What the run has made of an entity. */
  Optional<Map<?, ?>> find(String id) {
    return Optional.ofNullable(known.get(id));
  }
}

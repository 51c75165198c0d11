package io.streamer.demo.data;

import io.streamer.handler.Invalid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the operations in the forms that clients write them. */
final class RequestedOperations {
  private static final int MOST = 10;

  private RequestedOperations() {}

  /**
   * The operations under either name, one or a list.
   *
   * @throws Invalid naming the field, or the place in the list
   */
  static List<Operation> of(@Nullable Object operations, @Nullable Object operation) {
    if (operations != null && operation != null) {
      throw new Invalid("operation", "is given beside operations");
    }
    return operation == null ? read("operations", operations) : read("operation", operation);
  }

  private static List<Operation> read(String field, @Nullable Object value) {
    return switch (value) {
      case null -> throw new Invalid(field, "is missing");
      case List<?> names -> readAll(field, names);
      default -> List.of(readOne(field, value));
    };
  }

  private static List<Operation> readAll(String field, List<?> names) {
    if (names.isEmpty() || names.size() > MOST) {
      throw new Invalid(field, "must be 1 to " + MOST);
    }
    var found = new ArrayList<Operation>();
    for (var name : names) {
      found.add(readOne(field + "/" + found.size(), name));
    }
    return List.copyOf(found);
  }

  private static Operation readOne(String field, @Nullable Object name) {
    return Arrays.stream(Operation.values())
        .filter(each -> name(each).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new Invalid(
                field,
                "must be one of "
                    + Arrays.stream(Operation.values())
                        .map(RequestedOperations::name)
                        .collect(Collectors.joining(", "))));
  }

  private static String name(Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT);
  }
}

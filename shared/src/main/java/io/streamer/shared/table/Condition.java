package io.streamer.shared.table;

import java.util.List;

/** What must hold of the item that is there, for a write to happen. */
public sealed interface Condition {
  /** The attribute that it looks at. */
  String attribute();

  record Absent(String attribute) implements Condition {}

  record Present(String attribute) implements Condition {}

  record Equal(String attribute, Value value) implements Condition {}

  /** That it is absent or no greater; texts compare by their UTF-8. */
  record AtMost(String attribute, Value value) implements Condition {}

  /** In the order in which the request has them; twice does no harm. */
  record OneOf(String attribute, List<Value> values) implements Condition {
    public OneOf {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("one of no values can never hold");
      }
    }
  }
}

package io.streamer.soak;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What did not hold. Safe for all threads; bounded, because one cause may show itself often. */
final class Violations {
  private static final int MOST = 100;

  private final List<String> all = new CopyOnWriteArrayList<>();

  void add(String text) {
    if (all.size() < MOST) {
      all.add(text);
    }
  }

  List<String> all() {
    return List.copyOf(all);
  }
}

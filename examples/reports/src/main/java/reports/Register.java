package reports;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbers reports, each key once. Stands for a table with a unique key. */
final class Register {
  private final AtomicInteger last = new AtomicInteger();
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

  /** The number for this key: the same if it is asked again. */
  int number(String key) {
    return numbers.computeIfAbsent(key, _ -> last.incrementAndGet());
  }
}

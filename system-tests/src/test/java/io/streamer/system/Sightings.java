package io.streamer.system;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What a scenario's client and door have told so far, and what must hold of any of it. */
final class Sightings {
  private static final long PATIENCE_SECONDS = 20;
  private static final Set<String> ENDS = Set.of("result", "error");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final List<JsonObject> all = new ArrayList<>();
  // each kind of each subject is looked for in its order
  private final Map<String, Integer> seen = new HashMap<>();
  private int answered;

  void add(JsonObject line) {
    lock.lock();
    try {
      all.add(line);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<JsonObject> all() {
    lock.lock();
    try {
      return List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a line that has all this, behind those of its kind that were found before. */
  JsonObject await(JsonObject wanted) {
    var kind = kind(wanted);
    int from = seen.getOrDefault(kind, 0);
    return await(
        wanted.encode(),
        from,
        line -> kind(line).equals(kind) && has(line, wanted),
        at -> seen.put(kind, at + 1));
  }

  void awaitDone(int command) {
    var done =
        await(
            "the driver's answer to its command " + command,
            answered,
            line -> line.getInteger("done", 0) == command,
            at -> answered = at + 1);
    if (done.containsKey("failed")) {
      throw new AssertionError(done.getString("failed"));
    }
  }

  private JsonObject await(
      String what, int from, Predicate<JsonObject> wanted, java.util.function.IntConsumer found) {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      for (int at = from; ; at++) {
        while (at >= all.size()) {
          if (left <= 0) {
            throw new AssertionError("not seen: " + what);
          }
          left = more.awaitNanos(left);
        }
        if (wanted.test(all.get(at))) {
          found.accept(at);
          return all.get(at);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  /** How many lines have all this. */
  long count(JsonObject wanted) {
    return all().stream().filter(line -> has(line, wanted)).count();
  }

  /** What no client may show, in any scenario. */
  List<String> broken() {
    var broken = new ArrayList<String>();
    var ended = new HashSet<String>();
    var percentages = new HashMap<String, Double>();
    for (var line : all()) {
      var of = line.getString("of");
      if (of == null) {
        continue;
      }
      var kind = kind(line);
      if (ENDS.stream().anyMatch(line::containsKey)) {
        if (!ended.add(of)) {
          broken.add(of + " ends twice: " + line);
        }
      } else if (ended.contains(of) && (line.containsKey("progress") || line.containsKey("void"))) {
        broken.add(kind + " behind the end: " + line);
      }
      if (line.containsKey("void") && line.getLong("void") == 0) {
        percentages.remove(of);
      } else if (line.containsKey("progress")) {
        double percentage = line.getJsonObject("progress").getDouble("percentage");
        if (percentage < percentages.getOrDefault(of, 0.0)) {
          broken.add("progress falls: " + line);
        }
        percentages.put(of, percentage);
      }
    }
    return broken;
  }

  private static String kind(JsonObject line) {
    return line.stream()
        .map(entry ->
            Set.of("of", "client", "door").contains(entry.getKey())
                ? entry.getKey() + "=" + entry.getValue()
                : entry.getKey())
        .sorted()
        .toList()
        .toString();
  }

  private static boolean has(Object actual, Object wanted) {
    if ("*".equals(wanted)) {
      return actual != null;
    }
    return switch (wanted) {
      case JsonObject fields ->
          actual instanceof JsonObject object
              && fields.stream()
                  .allMatch(field -> has(object.getValue(field.getKey()), field.getValue()));
      case JsonArray items ->
          actual instanceof JsonArray array
              && array.size() == items.size()
              && java.util.stream.IntStream.range(0, items.size())
                  .allMatch(i -> has(array.getValue(i), items.getValue(i)));
      case Number number ->
          actual instanceof Number other && number.doubleValue() == other.doubleValue();
      case null -> actual == null;
      default -> wanted.equals(actual);
    };
  }
}

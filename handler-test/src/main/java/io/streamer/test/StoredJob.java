package io.streamer.test;

import io.streamer.handler.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is stored of a job between its runs. */
final class StoredJob {
  private final List<TestEvent> events = new ArrayList<>();
  private final Map<String, RawJson> steps = new HashMap<>();
  private final Map<String, Integer> calls = new HashMap<>();
  private Optional<RawJson> checkpoint = Optional.empty();
  private int eventsAtCheckpoint;

  /** A run begins: clients are told to drop the events behind the last checkpoint. */
  synchronized void rewind() {
    events.subList(eventsAtCheckpoint, events.size()).clear();
  }

  synchronized void emit(TestEvent event) {
    events.add(event);
  }

  synchronized void reach(RawJson newest) {
    checkpoint = Optional.of(newest);
    eventsAtCheckpoint = events.size();
  }

  /** The step's stored result; if there is none, its body is called next. */
  synchronized Optional<RawJson> step(String name) {
    var done = Optional.ofNullable(steps.get(name));
    if (done.isEmpty()) {
      calls.merge(name, 1, Integer::sum);
    }
    return done;
  }

  synchronized RawJson keepStep(String name, RawJson result) {
    var before = steps.putIfAbsent(name, result);
    return before == null ? result : before;
  }

  synchronized Optional<RawJson> checkpoint() {
    return checkpoint;
  }

  synchronized List<TestEvent> events() {
    return List.copyOf(events);
  }

  synchronized int calls(String step) {
    return calls.getOrDefault(step, 0);
  }
}

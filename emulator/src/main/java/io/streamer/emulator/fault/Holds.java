package io.streamer.emulator.fault;

import io.streamer.emulator.aws.Timekeeper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is kept waiting: until its time is over, or until all waiting ends. */
final class Holds {
  private final Timekeeper time;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, CompletableFuture<@Nullable Void>> held = new ConcurrentHashMap<>();

  Holds(Timekeeper time) {
    this.time = time;
  }

  CompletableFuture<@Nullable Void> hold(Duration pause) {
    var waiting = new CompletableFuture<@Nullable Void>();
    var number = numbers.incrementAndGet();
    held.put(number, waiting);
    var timer =
        time.at(
            time.now().plus(pause),
            // the timers of all share a thread
            () -> Thread.ofVirtual().name("fault").start(() -> waiting.complete(null)));
    return waiting.whenComplete((_, _) -> {
      held.remove(number);
      timer.cancel();
    });
  }

  void release() {
    List.copyOf(held.values()).forEach(waiting -> waiting.complete(null));
  }
}

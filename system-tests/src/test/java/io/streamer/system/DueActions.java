package io.streamer.system;

import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Run;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Jobs that wait at a gate, for tests that lose them. */
final class DueActions implements HandlerModule {
  private static final ConcurrentMap<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

  /** A gate to be passed. */
  public record Gate(String gate) {}

  /** How often a handler ran for the gate, finished or not. */
  static int runs(String gate) {
    return RUNS.computeIfAbsent(gate, _ -> new AtomicInteger()).get();
  }

  private static Map<String, String> run(Gate gate, Run run) throws InterruptedException {
    RUNS.computeIfAbsent(gate.gate(), _ -> new AtomicInteger()).incrementAndGet();
    run.progress(10, "before the gate");
    Gates.pass(gate.gate());
    return Map.of("gate", gate.gate());
  }

  @Override
  public void register(Handlers handlers, Config config) {
    handlers.add(Twice.class, Twice::new);
    handlers.add(Once.class, Once::new);
  }

  /** Tried twice. */
  @Action(value = "due.twice", expected = "1m", attempts = 2)
  public static final class Twice implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate gate, Run run) throws Exception {
      return DueActions.run(gate, run);
    }
  }

  /** Tried once. */
  @Action(value = "due.once", expected = "1m", attempts = 1)
  public static final class Once implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate gate, Run run) throws Exception {
      return DueActions.run(gate, run);
    }
  }
}

package io.streamer.test.stage;

import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Run;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A user's module: something quick, and something slow that waits for the test. */
final class Kitchen implements HandlerModule {
  private static final Map<String, CountDownLatch> OVENS = new ConcurrentHashMap<>();
  private static final Map<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

  record Dish(String name) {}

  record Price(String dish, int cents) {}

  @Override
  public void register(Handlers handlers, Config config) {
    int cents = config.find("CENTS").map(Integer::parseInt).orElse(100);
    handlers.add(Ask.class, () -> new Ask(cents));
    handlers.add(Bake.class, Bake::new);
  }

  static void open(String dish) {
    oven(dish).countDown();
  }

  static int runs(String dish) {
    return RUNS.getOrDefault(dish, new AtomicInteger()).get();
  }

  private static CountDownLatch oven(String dish) {
    return OVENS.computeIfAbsent(dish, _ -> new CountDownLatch(1));
  }

  @Action("kitchen.ask")
  private record Ask(int cents) implements Handler<Dish, Price> {
    @Override
    public Price handle(Dish dish, Run run) throws Failure {
      if (dish.name().equals("phoenix")) {
        throw Failure.refused("EXTINCT", "there is no " + dish.name());
      }
      return new Price(dish.name(), cents * dish.name().length());
    }
  }

  @Action(value = "kitchen.bake", expected = "1m", needs = "kitchen:bake", attempts = 1)
  private static final class Bake implements Handler<Dish, Dish> {
    @Override
    public Dish handle(Dish dish, Run run) throws Exception {
      RUNS.computeIfAbsent(dish.name(), _ -> new AtomicInteger()).incrementAndGet();
      run.progress(50, "in the oven");
      if (!oven(dish.name()).await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("burnt");
      }
      return dish;
    }
  }
}

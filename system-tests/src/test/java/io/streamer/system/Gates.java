package io.streamer.system;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where handlers that a test has compiled wait for it; public for them. */
public final class Gates {
  private static final long PATIENCE_SECONDS = 20;
  private static final Map<String, CountDownLatch> LATCHES = new ConcurrentHashMap<>();

  private Gates() {}

  private static CountDownLatch latch(String name) {
    return LATCHES.computeIfAbsent(name, _ -> new CountDownLatch(1));
  }

  /** Opens a gate for good. */
  public static void open(String name) {
    latch(name).countDown();
  }

  public static boolean isOpen(String name) {
    return latch(name).getCount() == 0;
  }

  /** Returns when the gate is open. */
  public static void pass(String name) throws InterruptedException {
    if (!latch(name).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the gate " + name + " stays closed");
    }
  }
}

package io.streamer.soak.bench;

import com.sun.management.OperatingSystemMXBean;
import io.streamer.shared.settings.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** What calls cost the process that makes them: its processor time, in microseconds a call. */
final class CallCosts {
  private static final int IN_FLIGHT = 32;

  private CallCosts() {}

  /**
   * Makes so many calls on a context, a few of them at a time.
   *
   * @return microseconds of processor time a call
   */
  static double round(Context context, Supplier<? extends Future<?>> call, int calls) {
    long before = cpuNanos();
    var done = Promise.<Void>promise();
    context.runOnContext(_ -> new Round(call, calls, done).begin());
    done.future().await();
    return (cpuNanos() - before) / 1_000.0 / calls;
  }

  /** The median of rounds, and what is around it. */
  static JsonObject figure(String call, Transport transport, List<Double> micros) {
    var sorted = micros.stream().sorted().toList();
    return new JsonObject()
        .put("call", call)
        .put("transport", transport.toString())
        .put("cpu_us", Math.round(sorted.get(sorted.size() / 2) * 10) / 10.0)
        .put("least", Math.round(sorted.getFirst() * 10) / 10.0)
        .put("most", Math.round(sorted.getLast() * 10) / 10.0);
  }

  /** Another process that is asked: the same program, with an argument. */
  static Process stub(Class<?> main) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            "stub")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** On one context. */
  private static final class Round {
    private final Supplier<? extends Future<?>> call;
    private final int calls;
    private final Promise<Void> done;
    private int begun;
    private int ended;

    Round(Supplier<? extends Future<?>> call, int calls, Promise<Void> done) {
      this.call = call;
      this.calls = calls;
      this.done = done;
    }

    void begin() {
      for (int i = 0; i < Math.min(IN_FLIGHT, calls); i++) {
        next();
      }
    }

    private void next() {
      begun++;
      call.get()
          .onFailure(done::tryFail)
          .onSuccess(_ -> {
            if (++ended == calls) {
              done.complete();
            } else if (begun < calls) {
              next();
            }
          });
    }
  }
}

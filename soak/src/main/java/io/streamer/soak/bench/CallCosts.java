package io.streamer.soak.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.OperatingSystemMXBean;
import io.streamer.shared.settings.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * What calls cost the process that makes them by each of a gateway's transports: its processor
 * time. Whoever is asked is another process, the same program with an argument. The transports take
 * turns in each round.
 *
 * @param <W> what makes the calls by one transport
 */
abstract class CallCosts<W> {
  private static final int WARM = 30_000;
  private static final int ROUNDS = 5;
  private static final int CALLS = 20_000;
  private static final int IN_FLIGHT = 32;

  private final List<String> kinds;

  /**
   * Costs of calls.
   *
   * @param kinds of calls, by their names
   */
  CallCosts(String... kinds) {
    this.kinds = List.of(kinds);
  }

  /**
   * What makes calls.
   *
   * @param address of whoever is asked: a URL without a path
   */
  abstract W open(Vertx vertx, Transport transport, String address);

  abstract void close(W way);

  /** Makes one call, which fails unless it was answered as it should be. */
  abstract Future<?> call(W way, String kind);

  /** Answers a call, in the process that is asked. */
  abstract void answer(HttpServerRequest request);

  /** The program: prints a line of JSON for each kind of call and transport. */
  void run(String[] args) throws IOException {
    if (args.length == 1) {
      serve();
      return;
    }
    compare(WARM, ROUNDS, CALLS).forEach(System.out::println);
  }

  /**
   * Measures.
   *
   * @param warm calls of each kind by each transport before any counts
   * @param calls of each kind by each transport in a round
   * @return for each kind of call and transport the medians over the rounds
   */
  List<JsonObject> compare(int warm, int rounds, int calls) throws IOException {
    var asked = stub();
    var vertx = Vertx.vertx();
    var ways = new EnumMap<Transport, W>(Transport.class);
    try (var lines = asked.inputReader(UTF_8)) {
      var address = lines.readLine();
      for (var transport : Transport.values()) {
        ways.put(transport, open(vertx, transport, address));
      }
      var context = vertx.getOrCreateContext();
      var figures = new ArrayList<JsonObject>();
      for (var kind : kinds) {
        ways.values().forEach(way -> round(context, () -> call(way, kind), warm));
        var costs = new EnumMap<Transport, List<Double>>(Transport.class);
        for (int i = 0; i < rounds; i++) {
          ways.forEach((transport, way) ->
              costs
                  .computeIfAbsent(transport, _ -> new ArrayList<>())
                  .add(round(context, () -> call(way, kind), calls)));
        }
        costs.forEach((transport, all) -> figures.add(figure(kind, transport, all)));
      }
      return figures;
    } finally {
      ways.values().forEach(this::close);
      vertx.close().await();
      asked.destroyForcibly();
    }
  }

  /**
   * Makes so many calls on a context, a few of them at a time.
   *
   * @return microseconds of processor time a call
   */
  private static double round(Context context, Supplier<? extends Future<?>> call, int calls) {
    long before = cpuNanos();
    var done = Promise.<Void>promise();
    context.runOnContext(_ -> new Round(call, calls, done).begin());
    done.future().await();
    return (cpuNanos() - before) / 1_000.0 / calls;
  }

  /** The median of rounds, and what is around it. */
  private static JsonObject figure(String call, Transport transport, List<Double> micros) {
    var sorted = micros.stream().sorted().toList();
    return new JsonObject()
        .put("call", call)
        .put("transport", transport.toString())
        .put("cpu_us", Math.round(sorted.get(sorted.size() / 2) * 10) / 10.0)
        .put("least", Math.round(sorted.getFirst() * 10) / 10.0)
        .put("most", Math.round(sorted.getLast() * 10) / 10.0);
  }

  private Process stub() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            getClass().getName(),
            "stub")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void serve() {
    var server =
        Vertx.vertx()
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .await();
    System.out.println("http://127.0.0.1:" + server.actualPort());
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

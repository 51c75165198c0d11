package io.streamer.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What load balancers ask: {@code GET /health} (the process runs) and {@code GET /ready} (it can
 * serve and goes on to, 200 or 503). One round of checks serves all who ask while it runs and for a
 * second after it began, so asking often costs nothing.
 */
public final class Health {
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * Something the gateway needs.
   *
   * @param name how the answer calls it
   * @param probe true if it is there; a failure, an exception and silence count as false
   */
  public record Check(String name, Supplier<Future<Boolean>> probe) {}

  private record Answer(int status, JsonObject body) {}

  private static final Answer STOPPING =
      new Answer(503, new JsonObject().put("status", "stopping"));

  private final List<Check> checks;
  private final InstantSource clock;
  private final BooleanSupplier stopping;
  private final Duration patience;
  private Instant asked = Instant.MIN;
  private @Nullable Future<Answer> latest;

  Health(InstantSource clock, BooleanSupplier stopping, Duration patience, List<Check> checks) {
    this.checks = List.copyOf(checks);
    this.clock = clock;
    this.stopping = stopping;
    this.patience = patience;
  }

  /**
   * Adds both routes.
   *
   * @param clock measures how old an answer is
   * @param stopping whether the gateway is about to end, and not ready whatever the checks say
   * @param checks all of them must be true for the gateway to be ready; each is given two seconds
   */
  public static void mount(
      Router router, InstantSource clock, BooleanSupplier stopping, Check... checks) {
    new Health(clock, stopping, PATIENCE, List.of(checks)).mount(router);
  }

  void mount(Router router) {
    var up = new Answer(200, new JsonObject().put("status", "up"));
    router.get("/health").handler(context -> send(context, up));
    router.get("/ready").handler(context -> ready().onSuccess(answer -> send(context, answer)));
  }

  private synchronized Future<Answer> ready() {
    if (stopping.getAsBoolean()) {
      return Future.succeededFuture(STOPPING);
    }
    var now = clock.instant();
    var known = latest;
    if (known != null && (!known.isComplete() || now.isBefore(asked.plus(FRESH)))) {
      return known;
    }
    asked = now;
    var round = ask();
    latest = round;
    return round;
  }

  private Future<Answer> ask() {
    var probes = checks.stream().map(this::probe).toList();
    return Future.all(probes)
        .map(all -> {
          var states = new JsonObject();
          for (int i = 0; i < checks.size(); i++) {
            states.put(checks.get(i).name(), all.<Boolean>resultAt(i) ? "up" : "down");
          }
          boolean ready = all.<Boolean>list().stream().allMatch(state -> state);
          return new Answer(
              ready ? 200 : 503,
              new JsonObject()
                  .put("status", ready ? "ready" : "unavailable")
                  .put("checks", states));
        });
  }

  private Future<Boolean> probe(Check check) {
    return Future.<Void>succeededFuture()
        .compose(_ -> check.probe().get())
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .map(Boolean.TRUE::equals)
        .otherwise(false);
  }

  private static void send(RoutingContext context, Answer answer) {
    context
        .response()
        .setStatusCode(answer.status())
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", "no-store")
        .end(answer.body().toBuffer());
  }
}

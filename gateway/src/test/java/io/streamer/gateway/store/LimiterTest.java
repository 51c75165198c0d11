package io.streamer.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.testtools.Until;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimiterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void soManyAreUnderWayAndTheOthersFollowInTheirOrder() {
    var lanes = new Limiter(context, 2, PATIENCE);
    var begun = new ArrayList<Integer>();
    var ends = new ArrayList<Promise<Integer>>();
    var results = new ArrayList<Future<Integer>>();
    on(() -> {
      for (int i = 0; i < 5; i++) {
        int nth = i;
        ends.add(Promise.promise());
        results.add(
            lanes.run(() -> {
              begun.add(nth);
              return ends.get(nth).future();
            }));
      }
      return Future.succeededFuture();
    });
    assertThat(begun).containsExactly(0, 1);
    assertThat(lanes.size()).isEqualTo(5);

    ends.get(1).complete(1);
    assertThat(results.get(1).await()).isEqualTo(1);
    on(Future::succeededFuture);
    assertThat(begun).containsExactly(0, 1, 2);
    for (int i : new int[] {0, 2, 3, 4}) {
      ends.get(i).complete(i);
    }
    on(lanes::idle);
    assertThat(begun).containsExactly(0, 1, 2, 3, 4);
    assertThat(lanes.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 6", "3, 4"})
  void whatTakesLongHoldsNoLaneThatOthersNeed(int most, int mostLate) {
    var lanes = new Limiter(context, most, mostLate, Duration.ofMillis(1), PATIENCE);
    var begun = new ArrayList<Integer>();
    var ends = new ArrayList<Promise<Integer>>();
    on(() -> {
      for (int i = 0; i < most + mostLate + 2; i++) {
        int nth = i;
        ends.add(Promise.promise());
        lanes.run(() -> {
          begun.add(nth);
          return ends.get(nth).future();
        });
      }
      return Future.succeededFuture();
    });
    Until.holds("all lanes are taken", () -> on(() -> sizeOf(begun)) == most + mostLate);
    assertThat(on(() -> sizeOf(begun))).isEqualTo(most + mostLate);
    ends.getFirst().complete(0);
    Until.holds("one more begins", () -> on(() -> sizeOf(begun)) == most + mostLate + 1);
    ends.forEach(end -> end.tryComplete(1));
    on(lanes::idle);
    assertThat(begun).hasSize(most + mostLate + 2).isSorted();
  }

  private static Future<Integer> sizeOf(List<?> begun) {
    return Future.succeededFuture(begun.size());
  }

  @Test
  void whatThrowsFreesItsLane() {
    var lanes = new Limiter(context, 1, PATIENCE);
    var thrown =
        on(() ->
            lanes
                .<String>run(() -> {
                  throw new IllegalStateException("broken");
                })
                .otherwise(Throwable::getMessage));
    assertThat(thrown).isEqualTo("broken");
    assertThat(on(() -> lanes.run(() -> Future.succeededFuture("next")))).isEqualTo("next");
  }

  @Test
  void whatAnEndStartsTakesItsLaneAndNoOther() {
    var lanes = new Limiter(context, 1, PATIENCE);
    var begun = new ArrayList<String>();
    var first = Promise.<Void>promise();
    var next = Promise.<Void>promise();
    var last =
        Future.<Future<Void>>future(promise ->
            context.runOnContext(_ -> {
              lanes
                  .run(first::future)
                  .onComplete(_ ->
                      lanes.run(() -> {
                        begun.add("started by the end");
                        return next.future();
                      }));
              promise.complete(
                  lanes.run(() -> {
                    begun.add("waiting before");
                    return Future.succeededFuture();
                  }));
            }));
    first.complete();
    on(Future::succeededFuture);
    on(Future::succeededFuture);
    assertThat(begun).containsExactly("started by the end");
    next.complete();
    last.await().await();
    assertThat(begun).containsExactly("started by the end", "waiting before");
  }

  @Test
  void whatHangsFreesItsLane() {
    var lanes = new Limiter(context, 1, Duration.ofMillis(1));
    assertThatThrownBy(() -> on(() -> lanes.run(() -> Promise.promise().future())))
        .isInstanceOf(TimeoutException.class);
    assertThat(lanes.size()).isZero();
  }

  @Test
  void whoComesFromElsewhereWaitsForItsTurnAndGoesOnWhereItWas() {
    var lanes = new Limiter(context, 1, PATIENCE);
    var first = Promise.<Void>promise();
    var elsewhere = vertx.getOrCreateContext();
    assertThat(elsewhere).isNotSameAs(context);
    var order = new ArrayList<String>();
    var ended =
        Future.<Context>future(promise ->
            elsewhere.runOnContext(_ -> {
              lanes.enter(() -> {
                order.add("first");
                return first.future();
              });
              lanes
                  .enter(() -> {
                    order.add("second on " + context.equals(Vertx.currentContext()));
                    return Future.succeededFuture();
                  })
                  .onComplete(_ -> promise.complete(Vertx.currentContext()));
            }));
    on(Future::succeededFuture);
    first.complete();
    assertThat(ended.await()).isSameAs(elsewhere);
    assertThat(order).containsExactly("first", "second on true");
  }

  private <T> T on(Supplier<Future<T>> work) {
    return Future.<T>future(promise -> context.runOnContext(_ -> work.get().onComplete(promise)))
        .await();
  }
}

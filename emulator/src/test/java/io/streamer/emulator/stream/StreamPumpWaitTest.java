package io.streamer.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.aws.Amazon;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.dynamo.DynamoProxy;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the pump waits: for the table, for records, for the function. */
@Timeout(60)
class StreamPumpWaitTest extends PumpBench {
  @Test
  void throttlesAreNoAttempts() throws InterruptedException {
    Amazon.createTable(client, table);
    var calls = new AtomicInteger();
    var throttling =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              var throttled = calls.getAndIncrement() < 4;
              request.response().putHeader("x-amzn-ErrorType", "TooManyRequestsException");
              request
                  .response()
                  .setStatusCode(throttled ? 429 : 200)
                  .end(throttled ? "{}" : "null");
            })
            .listen(0, "127.0.0.1")
            .await();
    Amazon.put(client, table, "patient", START);
    try (var throttled = pump(URI.create("http://127.0.0.1:" + throttling.actualPort()), NEVER)) {
      throttled.start();
      throttled.awaitDrained();
      assertThat(calls).hasValue(5);
      assertThat(throttled.givenUp()).isZero();
    }
    throttling.close().await();
  }

  @Test
  void aMissingFunctionIsWaitedFor() throws InterruptedException {
    Amazon.createTable(client, table);
    var asked = new CountDownLatch(3);
    var registering =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              var missing = asked.getCount() > 0;
              asked.countDown();
              request.response().putHeader("x-amzn-ErrorType", "ResourceNotFoundException");
              request.response().setStatusCode(missing ? 404 : 200).end("{}");
            })
            .listen(0, "127.0.0.1")
            .await();
    Amazon.put(client, table, "early", START);
    try (var waiting = pump(URI.create("http://127.0.0.1:" + registering.actualPort()), NEVER)) {
      waiting.start();
      waiting.awaitDrained();
      assertThat(asked.getCount()).isZero();
      assertThat(waiting.givenUp()).isZero();
    }
    registering.close().await();
  }

  @Test
  void closingEndsTheRepeatsOfAFunctionOutOfReach() throws InterruptedException {
    Amazon.createTable(client, table);
    var tried = new CountDownLatch(2);
    var broken =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              tried.countDown();
              request.response().setStatusCode(500).end();
            })
            .listen(0, "127.0.0.1")
            .await();
    Amazon.put(client, table, "a", START);
    var stuck = pump(URI.create("http://127.0.0.1:" + broken.actualPort()), NEVER);
    stuck.start();
    tried.await();
    stuck.close();
    assertThat(stuck.givenUp()).isZero();
    broken.close().await();
  }

  @Test
  void closingEndsTheWaitForARunningFunction() throws InterruptedException {
    Amazon.createTable(client, table);
    var running = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    lambda.register(
        table,
        (_, _, _) -> {
          running.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    pump.start();
    Amazon.put(client, table, "a", START);
    pump.wake();
    running.await();
    pump.close();
    release.countDown();
    assertThat(lambda.awaitIdle(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void aTableMadeLaterIsFound() throws InterruptedException {
    try (var early = pump(lambda.uri(), Duration.ofMillis(10))) {
      early.start();
      Amazon.createTable(client, table);
      Amazon.put(client, table, "a", START);
      early.awaitDrained();
    }
    assertThat(function.ids()).containsExactly("a");
  }

  @Test
  void withoutBeingWokenThePumpPolls() throws InterruptedException {
    Amazon.createTable(client, table);
    var given = new CountDownLatch(1);
    lambda.register(table, opening(given));
    try (var polling = pump(lambda.uri(), Duration.ofMillis(10))) {
      polling.start();
      polling.awaitDrained();
      Amazon.put(client, table, "a", START);
      given.await();
    }
    assertThat(given.getCount()).isZero();
  }

  @Test
  void aWriteThroughTheProxyWakesThePump() throws InterruptedException {
    Amazon.createTable(client, table);
    pump.start();
    pump.awaitDrained();
    var given = new CountDownLatch(1);
    lambda.register(table, opening(given));
    var proxy = DynamoProxy.start(vertx, dynamo.uri()).await();
    proxy.onWrite(pump::wake);
    try (var writer = LocalAws.dynamo(proxy.uri())) {
      Amazon.put(writer, table, "a", START);
      given.await();
    }
    proxy.close().await();
    assertThat(given.getCount()).isZero();
  }

  private static RequestStreamHandler opening(CountDownLatch latch) {
    return (_, _, _) -> latch.countDown();
  }
}

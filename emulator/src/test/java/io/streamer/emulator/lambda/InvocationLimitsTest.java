package io.streamer.emulator.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.ManualClock;
import io.streamer.emulator.fault.Faults;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ThrottleReason;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

@Timeout(60)
class InvocationLimitsTest {
  private final Vertx vertx = Vertx.vertx();
  private final ManualClock time = new ManualClock();
  private final LambdaEndpoint endpoint =
      LambdaEndpoint.start(vertx, time, 2, 2, Faults.none()).await();
  private final LambdaClient client = LocalAws.lambda(endpoint.uri());

  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final RequestStreamHandler blocked =
      (_, _, _) -> {
        running.countDown();
        try {
          release.await();
        } catch (InterruptedException _) {
          interrupted.countDown();
        }
      };

  @BeforeEach
  void registerEcho() {
    endpoint.register("echo", (in, out, _) -> in.transferTo(out));
  }

  @AfterEach
  void stop() throws InterruptedException {
    release.countDown();
    assertThat(endpoint.awaitIdle(Duration.ofSeconds(30))).isTrue();
    client.close();
    endpoint.close().await();
    vertx.close().await();
  }

  @Test
  void allFunctionsTogetherHaveALimitUntilOneEnds() throws Exception {
    var both = new CountDownLatch(2);
    endpoint.register(
        "slow",
        (in, out, context) -> {
          both.countDown();
          blocked.handleRequest(in, out, context);
        });
    var first = invoke("slow");
    var second = invoke("slow");
    both.await();
    assertThrottled("echo", ThrottleReason.CONCURRENT_INVOCATION_LIMIT_EXCEEDED);
    release.countDown();
    assertThat(first.get().functionError()).isNull();
    assertThat(second.get().functionError()).isNull();
    assertThat(endpoint.awaitIdle(Duration.ofSeconds(30))).isTrue();
    assertThat(invoke("echo").get().statusCode()).isEqualTo(200);
  }

  @Test
  void aFunctionsReservedConcurrencyIsItsOwnLimit() throws Exception {
    endpoint.register("slow", blocked, FunctionSettings.STREAMER.concurrency(1));
    var first = invoke("slow");
    running.await();
    assertThrottled("slow", ThrottleReason.RESERVED_FUNCTION_CONCURRENT_INVOCATION_LIMIT_EXCEEDED);
    assertThat(invoke("echo").get().statusCode()).isEqualTo(200);
    release.countDown();
    assertThat(first.get().functionError()).isNull();
  }

  @Test
  void theTimeLeftIsCountedDown() throws Exception {
    var seen = new ArrayBlockingQueue<Context>(1);
    endpoint.register(
        "look",
        (in, out, context) -> {
          seen.add(context);
          blocked.handleRequest(in, out, context);
        },
        timeout(Duration.ofSeconds(30)));
    var answer = invoke("look");
    var context = seen.take();
    assertThat(context.getRemainingTimeInMillis()).isEqualTo(30_000);
    time.advance(Duration.ofSeconds(29));
    assertThat(context.getRemainingTimeInMillis()).isEqualTo(1_000);
    release.countDown();
    assertThat(answer.get().functionError()).isNull();
  }

  @Test
  void aRunPastItsTimeoutIsInterruptedAndReported() throws Exception {
    endpoint.register("slow", blocked, timeout(Duration.ofSeconds(3)));
    var answer = invoke("slow");
    running.await();
    time.advance(Duration.ofSeconds(3));
    assertThat(answer.get().functionError()).isEqualTo("Unhandled");
    assertThat(answer.get().statusCode()).isEqualTo(200);
    var body = new JsonObject(answer.get().payload().asUtf8String());
    assertThat(body.getString("errorType")).isEqualTo("Sandbox.Timedout");
    assertThat(body.getString("errorMessage"))
        .isEqualTo(
            "RequestId: "
                + answer.get().responseMetadata().requestId()
                + " Error: Task timed out after 3.00 seconds");
    interrupted.await();
    // its place is free
    assertThat(endpoint.awaitIdle(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void aKilledRunEndsAsIfItsProcessHadDied() throws Exception {
    endpoint.register("slow", blocked);
    var answer = invoke("slow");
    running.await();
    assertThat(endpoint.kill("echo")).isZero();
    assertThat(endpoint.kill("slow")).isEqualTo(1);
    assertThat(answer.get().functionError()).isEqualTo("Unhandled");
    assertThat(new JsonObject(answer.get().payload().asUtf8String()).getString("errorType"))
        .isEqualTo("Runtime.ExitError");
    interrupted.await();
  }

  private CompletableFuture<InvokeResponse> invoke(String function) {
    return CompletableFuture.supplyAsync(
        () -> client.invoke(r -> r.functionName(function)), Thread::startVirtualThread);
  }

  private static FunctionSettings timeout(Duration limit) {
    return new FunctionSettings(limit, Duration.ofMinutes(1), FunctionSettings.ACCOUNT);
  }

  private void assertThrottled(String function, ThrottleReason reason) {
    var refused =
        catchThrowableOfType(
            TooManyRequestsException.class, () -> client.invoke(r -> r.functionName(function)));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.retryAfterSeconds()).isEqualTo("1");
    assertThat(refused.type()).isEqualTo("User");
    assertThat(refused.reason()).isEqualTo(reason);
    assertThat(refused.awsErrorDetails().errorMessage()).isEqualTo("Rate Exceeded.");
  }
}

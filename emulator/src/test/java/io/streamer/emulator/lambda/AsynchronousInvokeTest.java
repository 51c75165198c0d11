package io.streamer.emulator.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.ManualClock;
import io.streamer.emulator.fault.Faults;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ServiceException;

@Timeout(60)
class AsynchronousInvokeTest {
  private final Vertx vertx = Vertx.vertx();
  private final ManualClock time = new ManualClock();
  private final LambdaEndpoint endpoint =
      LambdaEndpoint.start(vertx, time, 1, 3, Faults.none()).await();
  private final LambdaClient client = LocalAws.lambda(endpoint.uri());

  private final BlockingQueue<String> runs = new ArrayBlockingQueue<>(10);
  private final CountDownLatch release = new CountDownLatch(1);
  private final RequestStreamHandler blocked =
      (in, _, _) -> {
        runs.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        await(release);
      };

  @AfterEach
  void stop() {
    release.countDown();
    client.close();
    endpoint.close().await();
    vertx.close().await();
  }

  @Test
  void anEventIsAcceptedBeforeItsRunEnds() throws InterruptedException {
    endpoint.register("later", blocked);
    assertThat(send("later", "\"event\"").statusCode()).isEqualTo(202);
    assertThat(runs.take()).isEqualTo("\"event\"");
    assertThat(endpoint.awaitIdle(Duration.ZERO)).isFalse();
    release.countDown();
    idle();
    assertThat(endpoint.givenUp()).isZero();
  }

  @Test
  void aFailedEventIsNotRepeated() throws InterruptedException {
    endpoint.register(
        "broken",
        (_, _, context) -> {
          runs.add(context.getAwsRequestId());
          throw new IllegalStateException("broken");
        });
    var requestId = send("broken", "{}").responseMetadata().requestId();
    idle();
    assertThat(runs).containsExactly(requestId);
    assertThat(endpoint.givenUp()).isEqualTo(1);
  }

  @Test
  void aThrottledEventIsTriedAgainWithGrowingPauses() throws InterruptedException {
    endpoint.register("busy", blocked);
    send("busy", "1");
    runs.take();
    assertThat(send("busy", "2").statusCode()).isEqualTo(202);
    for (var pause : List.of(1, 2, 4)) {
      time.awaitTimer(Duration.ofSeconds(pause));
      time.advance(Duration.ofSeconds(pause));
    }
    time.awaitTimer(Duration.ofSeconds(8));
    assertThat(runs).isEmpty();
    // what was killed has left its place at once
    endpoint.kill("busy");
    time.advance(Duration.ofSeconds(8));
    assertThat(runs.take()).isEqualTo("2");
    release.countDown();
    idle();
    assertThat(endpoint.givenUp()).isEqualTo(1);
  }

  @Test
  void anEventThatNeverFoundAPlaceIsGivenUpAtItsAge() throws InterruptedException {
    endpoint.register("busy", blocked);
    send("busy", "1");
    runs.take();
    send("busy", "2");
    for (var pause : List.of(1, 2, 4, 8, 16)) {
      time.awaitTimer(Duration.ofSeconds(pause));
      time.advance(Duration.ofSeconds(pause));
    }
    // not 32 s: the age ends before
    time.awaitTimer(Duration.ofSeconds(29));
    time.advance(Duration.ofSeconds(29));
    release.countDown();
    idle();
    assertThat(runs).isEmpty();
    assertThat(endpoint.givenUp()).isEqualTo(1);
  }

  @Test
  void whereTooManyWaitAnEventIsRefusedAsAFaultOfTheService() throws InterruptedException {
    endpoint.register("busy", blocked);
    for (var i = 0; i < 3; i++) {
      assertThat(send("busy", "1").statusCode()).isEqualTo(202);
    }
    var refused = catchThrowableOfType(ServiceException.class, () -> send("busy", "1"));
    assertThat(refused.statusCode()).isEqualTo(500);
    time.advance(Duration.ofMinutes(1));
    release.countDown();
    idle();
    assertThat(send("busy", "1").statusCode()).isEqualTo(202);
  }

  private InvokeResponse send(String function, String event) {
    return client.invoke(r ->
        r.functionName(function)
            .invocationType(InvocationType.EVENT)
            .payload(SdkBytes.fromUtf8String(event)));
  }

  private void idle() throws InterruptedException {
    assertThat(endpoint.awaitIdle(Duration.ofSeconds(30))).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

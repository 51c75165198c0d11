package io.streamer.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.local.aws.LocalAws;
import io.streamer.local.aws.ManualTime;
import io.streamer.local.fault.Fault;
import io.streamer.local.fault.FaultRule;
import io.streamer.local.fault.Faults;
import io.streamer.local.fault.When;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private static final FunctionSettings SETTINGS = FunctionSettings.STREAMER;
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final ManualTime time = new ManualTime();
  private final Faults faults = new Faults(time);
  private final LambdaEndpoint endpoint = LambdaEndpoint.start(vertx, time, 2, 3, faults).await();
  private final LambdaClient client = LocalAws.lambda(endpoint.uri());

  private final BlockingQueue<String> documents = new ArrayBlockingQueue<>(10);
  private final BlockingQueue<String> runs = new ArrayBlockingQueue<>(10);
  private final CountDownLatch release = new CountDownLatch(1);
  private final RequestStreamHandler blocked =
      (in, _, _) -> {
        runs.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        await(release);
      };
  private final RequestStreamHandler failing =
      (_, _, context) -> {
        runs.add(context.getAwsRequestId());
        throw new IllegalStateException("broken");
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
    assertThat(endpoint.failures("later")).isEmpty();
  }

  @Test
  void aFailedEventOfOursIsNotRepeatedAndGoesToItsDestination() throws InterruptedException {
    endpoint.register("broken", failing, SETTINGS.onError(0, MINUTE, documents::add));
    var requestId = send("broken", "{\"jobId\":\"a\"}").responseMetadata().requestId();
    var document = new JsonObject(documents.take());
    idle();
    assertThat(runs).containsExactly(requestId);
    assertThat(endpoint.failures("broken")).containsExactly(document.encode());
    assertThat(document.getString("version")).isEqualTo("1.0");
    assertThat(document.getString("timestamp"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    assertThat(document.getJsonObject("requestContext"))
        .isEqualTo(
            JsonObject.of(
                "requestId",
                requestId,
                "functionArn",
                LocalAws.functionArn("broken") + ":$LATEST",
                "condition",
                "RetriesExhausted",
                "approximateInvokeCount",
                1));
    assertThat(document.getJsonObject("requestPayload")).isEqualTo(JsonObject.of("jobId", "a"));
    assertThat(document.getJsonObject("responseContext"))
        .isEqualTo(
            JsonObject.of(
                "statusCode", 200, "executedVersion", "$LATEST", "functionError", "Unhandled"));
    assertThat(document.getJsonObject("responsePayload").getString("errorMessage"))
        .isEqualTo("broken");
  }

  @Test
  void functionErrorsAreRepeatedAfterOneMinuteAndAfterTwo() throws InterruptedException {
    endpoint.register("broken", failing, SETTINGS.onError(2, HOUR, documents::add));
    var requestId = send("broken", "{}").responseMetadata().requestId();
    runs.take();
    time.awaitTimer(MINUTE);
    time.advance(MINUTE);
    runs.take();
    time.awaitTimer(Duration.ofMinutes(2));
    assertThat(documents).isEmpty();
    time.advance(Duration.ofMinutes(2));
    assertThat(runs.take()).isEqualTo(requestId);
    assertThat(context(documents.take()).getInteger("approximateInvokeCount")).isEqualTo(3);
    idle();
  }

  @Test
  void anEventOlderThanItsAgeIsNotRepeated() throws InterruptedException {
    endpoint.register("broken", failing, SETTINGS.onError(2, MINUTE, documents::add));
    send("broken", "{}");
    runs.take();
    time.awaitTimer(MINUTE);
    time.advance(MINUTE);
    var document = documents.take();
    assertThat(context(document).getString("condition")).isEqualTo("EventAgeExceeded");
    assertThat(context(document).getInteger("approximateInvokeCount")).isEqualTo(1);
    assertThat(runs).isEmpty();
    idle();
  }

  @Test
  void aThrottledEventIsTriedAgainWithGrowingPauses() throws InterruptedException {
    endpoint.register("busy", blocked, SETTINGS.reserved(1));
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
    assertThat(endpoint.failures("busy")).hasSize(1);
  }

  @Test
  void anEventThatNeverFoundAPlaceIsGivenUpAtItsAge() throws InterruptedException {
    endpoint.register("off", blocked, SETTINGS.reserved(0).onError(0, MINUTE, documents::add));
    send("off", "7");
    for (var pause : List.of(1, 2, 4, 8, 16)) {
      time.awaitTimer(Duration.ofSeconds(pause));
      time.advance(Duration.ofSeconds(pause));
    }
    // not 32 s: the age ends before
    time.awaitTimer(Duration.ofSeconds(29));
    time.advance(Duration.ofSeconds(29));
    var document = new JsonObject(documents.take());
    assertThat(document.getJsonObject("requestContext").getString("condition"))
        .isEqualTo("EventAgeExceeded");
    assertThat(document.getJsonObject("requestContext").getInteger("approximateInvokeCount"))
        .isZero();
    assertThat(document.getInteger("requestPayload")).isEqualTo(7);
    assertThat(document.containsKey("responseContext")).isFalse();
    assertThat(runs).isEmpty();
    idle();
  }

  @Test
  void aKilledRunIsAFunctionError() throws InterruptedException {
    endpoint.register("killed", blocked, SETTINGS.onError(0, MINUTE, documents::add));
    send("killed", "1");
    runs.take();
    endpoint.kill("killed");
    assertThat(
            new JsonObject(documents.take())
                .getJsonObject("responsePayload")
                .getString("errorType"))
        .isEqualTo("Runtime.ExitError");
    idle();
  }

  @Test
  void anEventMayComeTwice() throws InterruptedException {
    var seen = new CopyOnWriteArrayList<String>();
    endpoint.register("twice", (_, _, context) -> seen.add(context.getAwsRequestId()));
    faults.add(FaultRule.invoke(When.first(1), new Fault.Duplicate()));
    var doubled = send("twice", "1").responseMetadata().requestId();
    var single = send("twice", "2").responseMetadata().requestId();
    idle();
    assertThat(seen).containsExactlyInAnyOrder(doubled, doubled, single);
  }

  @Test
  void whereTooManyWaitAnEventIsRefusedAsAFaultOfTheService() throws InterruptedException {
    endpoint.register("off", blocked, SETTINGS.reserved(0));
    for (var i = 0; i < 3; i++) {
      assertThat(send("off", "1").statusCode()).isEqualTo(202);
    }
    var refused = catchThrowableOfType(ServiceException.class, () -> send("off", "1"));
    assertThat(refused.statusCode()).isEqualTo(500);
    for (var pause : List.of(1, 2, 4, 8, 16, 29)) {
      time.awaitTimer(Duration.ofSeconds(pause));
      time.advance(Duration.ofSeconds(pause));
    }
    idle();
    assertThat(send("off", "1").statusCode()).isEqualTo(202);
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

  private static JsonObject context(String document) {
    return new JsonObject(document).getJsonObject("requestContext");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

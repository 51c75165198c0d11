package io.streamer.emulator.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.aws.LocalAws;
import io.streamer.emulator.aws.ManualClock;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.When;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ServiceException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** What goes wrong with calls of functions, as the SDK's client and the function see it. */
@Timeout(60)
class InvokeFaultsTest {
  private final Vertx vertx = Vertx.vertx();
  private final ManualClock time = new ManualClock();
  private final Faults faults = new Faults(time);
  private final LambdaEndpoint endpoint = LambdaEndpoint.start(vertx, time, faults).await();
  private final LambdaClient client = LocalAws.lambda(endpoint.uri());
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @BeforeEach
  void register() {
    endpoint.register(
        "job", (in, _, _) -> seen.add(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
  }

  @AfterEach
  void stop() {
    client.close();
    endpoint.close().await();
    vertx.close().await();
  }

  @Test
  void aLostEventIsAcceptedAndNeverRun() throws InterruptedException {
    faults.add(FaultRule.invoke("job", When.first(1), new Fault.Lose()));
    assertThat(send(InvocationType.EVENT, "1").statusCode()).isEqualTo(202);
    assertThat(send(InvocationType.EVENT, "2").statusCode()).isEqualTo(202);
    idle();
    assertThat(seen).containsExactly("2");
  }

  @Test
  void aLostCallIsNotAnswered() throws InterruptedException {
    faults.add(FaultRule.invoke("job", When.ALWAYS, new Fault.Lose()));
    assertThatThrownBy(() -> send(InvocationType.REQUEST_RESPONSE, "1"))
        .isInstanceOf(SdkClientException.class);
    idle();
    assertThat(seen).isEmpty();
  }

  @Test
  void aDoubledCallRunsTwiceAndIsAnsweredOnce() throws InterruptedException {
    faults.add(FaultRule.invoke("job", When.ALWAYS, new Fault.Duplicate()));
    assertThat(send(InvocationType.REQUEST_RESPONSE, "1").functionError()).isNull();
    idle();
    assertThat(seen).containsExactly("1", "1");
  }

  @Test
  void anEventMayComeTwice() throws InterruptedException {
    faults.add(FaultRule.invoke("job", When.first(1), new Fault.Duplicate()));
    assertThat(send(InvocationType.EVENT, "1").statusCode()).isEqualTo(202);
    assertThat(send(InvocationType.EVENT, "2").statusCode()).isEqualTo(202);
    idle();
    assertThat(seen).containsExactlyInAnyOrder("1", "1", "2");
  }

  @Test
  void aThrottleAndAFailureAreLambdasOwn() throws InterruptedException {
    faults.add(FaultRule.invoke("job", When.nth(1), new Fault.Throttle()));
    faults.add(FaultRule.invoke("job", When.nth(2), new Fault.Fail()));
    assertThatThrownBy(() -> send(InvocationType.EVENT, "1"))
        .isInstanceOf(TooManyRequestsException.class);
    assertThatThrownBy(() -> send(InvocationType.EVENT, "2")).isInstanceOf(ServiceException.class);
    idle();
    assertThat(seen).isEmpty();
  }

  @Test
  void aLateEventIsRunWhenItsTimeHasComeAndKeepsTheEndpointBusy() throws Exception {
    faults.add(FaultRule.invoke("job", When.ALWAYS, new Fault.Delay(Duration.ofSeconds(9))));
    var late = CompletableFuture.supplyAsync(() -> send(InvocationType.EVENT, "1"));
    time.awaitTimer(Duration.ofSeconds(9));
    assertThat(endpoint.awaitIdle(Duration.ZERO)).isFalse();
    assertThat(seen).isEmpty();
    time.advance(Duration.ofSeconds(9));
    assertThat(late.get().statusCode()).isEqualTo(202);
    idle();
    assertThat(seen).containsExactly("1");
  }

  private void idle() throws InterruptedException {
    assertThat(endpoint.awaitIdle(Duration.ofSeconds(30))).isTrue();
  }

  private InvokeResponse send(InvocationType type, String event) {
    return client.invoke(
        r -> r.functionName("job").invocationType(type).payload(SdkBytes.fromUtf8String(event)));
  }
}

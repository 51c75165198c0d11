package io.streamer.emulator.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.Role;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.fault.When;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;

/** What goes wrong with pushes and sockets, as the SDK's client and the WebSocket client see it. */
@Timeout(60)
class PushFaultsTest {
  @ParameterizedTest
  @ValueSource(ints = {410, 429, 500, 503})
  void aPushIsAnsweredWithTheStatusAndNotDelivered(int status) throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.faults.add(FaultRule.push(Door.API_GATEWAY, When.first(1), new Fault.Status(status)));
      assertThatThrownBy(() -> post(edge.aws, open.id(), "lost"))
          .isInstanceOfSatisfying(
              ApiGatewayManagementApiException.class,
              e -> assertThat(e.statusCode()).isEqualTo(status));
      post(edge.aws, open.id(), "next");
      assertThat(open.socket().read()).isEqualTo("next");
    }
  }

  @Test
  void anAnswerIsLostBehindAPushThatWasDelivered() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.faults.add(FaultRule.push(When.first(1), new Fault.LoseAnswer()));
      assertThatThrownBy(() -> post(edge.aws, open.id(), "heard"))
          .isInstanceOf(SdkClientException.class);
      assertThat(open.socket().read()).isEqualTo("heard");
    }
  }

  @Test
  void aPushThatIsCutIsNotDelivered() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      // the JDK's HTTP client asks once more by itself when a kept connection ends
      edge.faults.add(FaultRule.push(When.first(2), new Fault.Cut()));
      assertThatThrownBy(() -> post(edge.aws, open.id(), "lost"))
          .isInstanceOf(SdkClientException.class);
      edge.faults.clear();
      post(edge.aws, open.id(), "next");
      assertThat(open.socket().read()).isEqualTo("next");
    }
  }

  @Test
  void aLatePushArrivesWhenItsTimeHasCome() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var held = new CompletableFuture<String>();
      edge.faults.onInjected(injected -> held.complete(injected.kind()));
      edge.faults.add(FaultRule.push(When.first(1), new Fault.Delay(Duration.ofSeconds(4))));
      var late = CompletableFuture.runAsync(() -> post(edge.aws, open.id(), "late"));
      assertThat(held.get(30, TimeUnit.SECONDS)).isEqualTo("push delay");
      post(edge.aws, open.id(), "prompt");
      assertThat(open.socket().read()).isEqualTo("prompt");
      edge.clock.advance(Duration.ofSeconds(4));
      late.get();
      assertThat(open.socket().read()).isEqualTo("late");
    }
  }

  @Test
  void aSocketIsCutInPlaceOfAMessageAndTheBackendHearsOfIt() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.faults.add(FaultRule.cut(Door.API_GATEWAY, When.nth(2)));
      post(edge.aws, open.id(), "first");
      post(edge.aws, open.id(), "second");
      assertThat(open.socket().read()).isEqualTo("first");
      assertThatThrownBy(() -> open.socket().read()).isInstanceOf(IOException.class);
      var told = edge.backend.next();
      assertThat(told.header("connectionId")).isEqualTo(open.id());
      assertThat(told.header("eventType")).isEqualTo("DISCONNECT");
    }
  }

  @Test
  void allSocketsAreCutAtOnce() throws Exception {
    try (var edge = Emulated.start();
        var one = edge.open();
        var other = edge.open()) {
      assertThat(edge.gateway.cut().await()).isEqualTo(2);
      assertThatThrownBy(() -> one.socket().read()).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> other.socket().read()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theDeadPushNothing() throws ExecutionException, InterruptedException, IOException {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var worker = edge.senders.join(Role.WORKER);
      try (var aws = by(worker, edge)) {
        post(aws, open.id(), "alive");
        worker.kill().get();
        assertThatThrownBy(() -> post(aws, open.id(), "dead"))
            .isInstanceOf(SdkClientException.class);
        assertThatThrownBy(() -> aws.getConnection(r -> r.connectionId(open.id())))
            .isInstanceOf(SdkClientException.class);
      }
      post(edge.aws, open.id(), "others");
      assertThat(open.socket().read()).isEqualTo("alive");
      assertThat(open.socket().read()).isEqualTo("others");
    }
  }

  private static void post(ApiGatewayManagementApiClient aws, String id, String text) {
    aws.postToConnection(r -> r.connectionId(id).data(SdkBytes.fromUtf8String(text)));
  }

  private static ApiGatewayManagementApiClient by(Sender sender, Emulated edge) {
    return ApiGatewayManagementApiClient.builder()
        .endpointOverride(edge.gateway.managementUri())
        .region(Region.US_EAST_1)
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsSessionCredentials.create("AKID", "secret", sender.id())))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }
}

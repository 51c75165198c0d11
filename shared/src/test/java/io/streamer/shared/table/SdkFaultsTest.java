package io.streamer.shared.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What the service can say besides yes, over a real socket. */
class SdkFaultsTest {
  private static final StoreRequest GET = new StoreRequest.Get("t", Item.of("jobId", "j1"), true);

  private HttpServer server;
  private DynamoDbClient client;
  private volatile int status;
  private volatile String body = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
    client =
        DynamoDbClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalServerError",
    "503, ServiceUnavailable",
    "400, ProvisionedThroughputExceededException",
    "400, ThrottlingException",
    "400, RequestLimitExceeded"
  })
  void troubleThatPassesHasItsOwnName(int code, String type) {
    answer(code, type, "");
    assertThatThrownBy(() -> SdkRequests.send(client, GET))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void aRequestThatCanNeverWorkIsNoTroubleOnTheWay() {
    answer(400, "ValidationException", "");
    assertThatThrownBy(() -> SdkRequests.send(client, GET)).isInstanceOf(DynamoDbException.class);
  }

  @Test
  void nobodyThereIsTrouble() {
    server.stop(0);
    assertThatThrownBy(() -> SdkRequests.send(client, GET))
        .isInstanceOf(StoreUnavailableException.class);
  }

  @Test
  void anInterruptedCallSaysSo() {
    answer(200, "", "");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> SdkRequests.send(client, GET))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessage("the tables cannot be used now: Thread was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aRefusedConditionIsAnAnswerWithTheItemThatIsThere() {
    answer(400, "ConditionalCheckFailedException", ",\"Item\":{\"jobId\":{\"S\":\"j1\"}}");
    var put =
        new StoreRequest.Put("t", Item.of("jobId", "j1"), List.of(new Condition.Absent("jobId")));
    assertThat(SdkRequests.send(client, put))
        .isEqualTo(new Answer.Refused(Optional.of(Item.of("jobId", "j1"))));
  }

  @Test
  void aRefusedConditionOnNothingHasNoItem() {
    answer(400, "ConditionalCheckFailedException", "");
    var update =
        new StoreRequest.Update(
            "t",
            Item.of("jobId", "j1"),
            Map.of("a", Value.of(1)),
            Set.of(),
            List.of(new Condition.Present("jobId")));
    assertThat(SdkRequests.send(client, update)).isEqualTo(new Answer.Refused(Optional.empty()));
  }

  @Test
  void aBatchTellsWhatIsLeft() {
    status = 200;
    body =
        """
        {"Responses":{"t":[{"jobId":{"S":"j1"}}]},
         "UnprocessedKeys":{"t":{"Keys":[{"jobId":{"S":"j2"}}]}}}
        """;
    var batch =
        new StoreRequest.Batch(
            "t", List.of(Item.of("jobId", "j1"), Item.of("jobId", "j2")), Duration.ZERO);
    assertThat(SdkRequests.send(client, batch))
        .isEqualTo(
            new Answer.Rows(
                List.of(Item.of("jobId", "j1")),
                Optional.empty(),
                List.of(Item.of("jobId", "j2"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 60})
  void aBatchWaitsForAHalfOfItsPauseOrMore(int pauseMs) {
    answer(200, "", "");
    var batch =
        new StoreRequest.Batch("t", List.of(Item.of("jobId", "j1")), Duration.ofMillis(pauseMs));
    long from = System.nanoTime();
    SdkRequests.send(client, batch);
    assertThat(System.nanoTime() - from).isGreaterThanOrEqualTo(pauseMs * 500_000L);
  }

  @Test
  void anInterruptEndsThePause() {
    Thread.currentThread().interrupt();
    var batch = new StoreRequest.Batch("t", List.of(Item.of("jobId", "j1")), Duration.ofHours(1));
    assertThatThrownBy(() -> SdkRequests.send(client, batch))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aBatchOfWritesTellsWhatIsLeft() {
    status = 200;
    body =
        """
        {"UnprocessedItems":{"t":[
          {"PutRequest":{"Item":{"jobId":{"S":"j1"},"a":{"N":"1"}}}},
          {"DeleteRequest":{"Key":{"jobId":{"S":"j3"}}}}]}}
        """;
    var first = new Item(Map.of("jobId", Value.of("j1"), "a", Value.of(1)));
    var writes =
        new StoreRequest.Writes(
            "t", List.of(first, Item.of("jobId", "j2")), List.of(Item.of("jobId", "j3")));
    assertThat(SdkRequests.send(client, writes))
        .isEqualTo(
            new Answer.Rows(List.of(), Optional.empty(), List.of(first, Item.of("jobId", "j3"))));
    body = "{}";
    assertThat(SdkRequests.send(client, writes))
        .isEqualTo(new Answer.Rows(List.of(), Optional.empty(), List.of()));
  }

  private void answer(int code, String type, String more) {
    status = code;
    body = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + type + "\"" + more + "}";
  }
}

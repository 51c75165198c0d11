package io.streamer.shared.dynamo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.handler.RawJson;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What goes out and what is read, beside what the SDK's client sends and reads. */
class SdkOracleTest {
  private static final AwsCredentials CREDENTIALS =
      AwsSessionCredentials.create("id", "secret", "token");
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final Item KEY = Item.of("jobId", "j1");
  private static final Item EVERYTHING =
      new Item(
          Map.of(
              "s", Value.of("grün \uD83D\uDE00 \"\\\n\u0001\u2028"),
              "empty", Value.of(""),
              "n", Value.of(-45.25),
              "large", Value.of(Long.MAX_VALUE),
              "b", Value.of(RawJson.of("{ \"as\" : \"it came\" }")),
              "bytes", Value.of(RawJson.of(new byte[0])),
              "bool", new Value.Bool(false),
              "m", Value.of(Map.of("k", "v", "", "nameless")),
              "l", new Value.L(List.of(Value.of("x"), new Value.L(List.of()), Value.of(1)))));

  private static HttpServer server;
  private static DynamoDbClient client;
  private static volatile String answer = "{}";
  private static volatile String target = "";
  private static volatile byte[] body = {};
  private static volatile Map<String, List<String>> headers = Map.of();

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", SdkOracleTest::answer);
    server.start();
    client =
        DynamoDbClient.builder()
            .endpointOverride(address())
            .region(Region.US_EAST_1)
            .credentialsProvider(StaticCredentialsProvider.create(CREDENTIALS))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.stop(0);
  }

  private static URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      headers = Map.copyOf(exchange.getRequestHeaders());
      body = exchange.getRequestBody().readAllBytes();
      var bytes = answer.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  static Stream<StoreRequest> requests() {
    var conditions =
        List.<Condition>of(
            new Condition.Absent("jobId"),
            new Condition.Present("s"),
            new Condition.Equal("status", Value.of("QUEUED")),
            new Condition.AtMost("seq", Value.of(5)),
            new Condition.OneOf("epoch", List.of(Value.of(3))));
    return Stream.of(
        new StoreRequest.Get("t", KEY, true),
        new StoreRequest.Get("t", KEY, false),
        new StoreRequest.Put("t", EVERYTHING, List.of()),
        new StoreRequest.Put("t", EVERYTHING, conditions),
        new StoreRequest.Update(
            "t",
            KEY,
            Map.of("status", Value.of("RUNNING"), "all", new Value.M(EVERYTHING.attributes())),
            Map.of("count", -1L),
            Set.of("start", "dueAt"),
            conditions),
        new StoreRequest.Update("t", KEY, Map.of(), Set.of("dueAt"), List.of()),
        new StoreRequest.Delete("t", KEY),
        new StoreRequest.Query("t", "byOwner", "owner", Value.of("a#b"), 20, Optional.empty()),
        new StoreRequest.Query("t", "byOwner", "owner", Value.of("a#b"), 1, Optional.of(KEY)),
        range(Optional.of("due"), Optional.empty(), false),
        range(Optional.empty(), Optional.of(KEY), true),
        new StoreRequest.Scan("t", Optional.empty()),
        new StoreRequest.Scan("t", Optional.of(KEY)),
        new StoreRequest.Batch("t", List.of(KEY, Item.of("jobId", "j2")), Duration.ZERO),
        new StoreRequest.Writes("t", List.of(EVERYTHING, KEY), List.of(Item.of("jobId", "j3"))));
  }

  private static StoreRequest range(
      Optional<String> index, Optional<Item> after, boolean consistent) {
    return new StoreRequest.Range(
        "t", index, "shard", Value.of("7"), "at", Value.of(1), Value.of(9), 100, after, consistent);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void whatGoesOutIsWhatTheSdkSends(StoreRequest request) {
    answer = "{}";
    SdkRequests.send(client, request);
    var ours = RequestJson.of(request);
    assertThat("DynamoDB_20120810." + ours.operation()).isEqualTo(target);
    assertThat(JsonNode.parser().parse(new String(ours.body(), UTF_8)))
        .isEqualTo(JsonNode.parser().parse(new String(body, UTF_8)));
  }

  static Stream<Arguments> answers() {
    var item =
        """
        {"s":{"S":"gr\\u00fcn"},"none":{"S":""},"n":{"N":"1E+3"},"b":{"B":"eyB9"},"nothing":{"B":""},
         "bool":{"BOOL":true},"m":{"M":{"a":{"M":{}},"l":{"L":[{"N":"1"},{"L":[]}]}}},"l":{"L":[]}}\
        """;
    var get = new StoreRequest.Get("t", KEY, true);
    var put = new StoreRequest.Put("t", KEY, List.of());
    var update = new StoreRequest.Update("t", KEY, Map.of(), Set.of("a"), List.of());
    var delete = new StoreRequest.Delete("t", KEY);
    var query = new StoreRequest.Query("t", "i", "a", Value.of("b"), 20, Optional.empty());
    var batch = new StoreRequest.Batch("t", List.of(KEY), Duration.ZERO);
    var writes = new StoreRequest.Writes("t", List.of(KEY), List.of());
    var consumed = ",\"ConsumedCapacity\":{\"CapacityUnits\":0.5,\"Table\":{\"a\":[1,{}]}}";
    return Stream.of(
        Arguments.of(get, "{\"Item\":" + item + consumed + "}"),
        Arguments.of(get, "{}"),
        Arguments.of(get, "{\"Item\":{}}"),
        Arguments.of(get, "{\"Item\":null}"),
        Arguments.of(get, ""),
        Arguments.of(put, "{\"Attributes\":" + item + "}"),
        Arguments.of(put, "{}"),
        Arguments.of(update, " {\n\"Attributes\" : " + item + " } "),
        Arguments.of(delete, "{\"Attributes\":" + item + "}"),
        Arguments.of(delete, "{}"),
        Arguments.of(query, "{\"Count\":0,\"Items\":[],\"ScannedCount\":0}"),
        Arguments.of(query, "{\"Items\":[" + item + ",{}," + item + "],\"LastEvaluatedKey\":{}}"),
        Arguments.of(query, "{\"LastEvaluatedKey\":" + item + ",\"Items\":[" + item + "]}"),
        Arguments.of(range(Optional.empty(), Optional.empty(), true), "{\"Items\":[" + item + "]}"),
        Arguments.of(new StoreRequest.Scan("t", Optional.empty()), "{\"Items\":[" + item + "]}"),
        Arguments.of(batch, "{\"Responses\":{\"t\":[" + item + "]},\"UnprocessedKeys\":{}}"),
        Arguments.of(
            batch,
            "{\"Responses\":{},\"UnprocessedKeys\":{\"t\":{\"ConsistentRead\":false,\"Keys\":["
                + item
                + "]}}}"),
        Arguments.of(writes, "{\"UnprocessedItems\":{}}"),
        Arguments.of(
            writes,
            "{\"UnprocessedItems\":{\"t\":[{\"PutRequest\":{\"Item\":"
                + item
                + "}},{\"DeleteRequest\":{\"Key\":{\"jobId\":{\"S\":\"j3\"}}}}]}}"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void whatIsReadIsWhatTheSdkReads(StoreRequest request, String text) throws IOException {
    answer = text;
    assertThat(AnswerJson.read(request, text.getBytes(UTF_8)))
        .isEqualTo(SdkRequests.send(client, request));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"NULL\":true}", "{\"SS\":[\"a\"]}", "{\"NS\":[\"1\"]}", "{\"BS\":[\"eyB9\"]}"})
  void aTypeThatWeNeverWriteIsNamedWithItsAttribute(String value) {
    answer = "{\"Item\":{\"odd\":" + value + "}}";
    var get = new StoreRequest.Get("t", KEY, true);
    assertThatThrownBy(() -> SdkRequests.send(client, get))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("odd");
    assertThatThrownBy(() -> AnswerJson.read(get, answer.getBytes(UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("odd");
  }

  @Test
  void theSignatureIsOfTheSameScope() {
    answer = "{}";
    SdkRequests.send(client, new StoreRequest.Get("t", KEY, true));
    var theirs = headers;
    var time = Instant.from(SIGNED.parse(theirs.get("X-amz-date").getFirst()));
    var ours =
        new Signing(address(), "us-east-1")
            .call(
                RequestJson.of(new StoreRequest.Get("t", KEY, true)),
                CREDENTIALS,
                Clock.fixed(time, ZoneOffset.UTC))
            .headers();
    assertThat(ours.get("X-Amz-Security-Token")).containsExactly("token");
    assertThat(ours.get("Content-Type")).isEqualTo(theirs.get("Content-type"));
    var signed = signedHeaders(ours.get("Authorization").getFirst());
    assertThat(signed)
        .containsExactlyInAnyOrder(
            "content-type",
            "host",
            "x-amz-content-sha256",
            "x-amz-date",
            "x-amz-security-token",
            "x-amz-target");
    assertThat(ours.get("Authorization").getFirst())
        .startsWith(scope(theirs.get("Authorization").getFirst()));
  }

  private static Set<String> signedHeaders(String authorization) {
    var list = authorization.replaceFirst(".*SignedHeaders=([^,]*),.*", "$1");
    return Stream.of(list.split(";", -1)).collect(Collectors.toSet());
  }

  private static String scope(String authorization) {
    return authorization.substring(0, authorization.indexOf(','));
  }

  @Test
  void aRegionOfAnotherPartitionHasItsOwnDomain() {
    assertThat(Signing.address("eu-west-1"))
        .hasToString("https://dynamodb.eu-west-1.amazonaws.com");
    assertThat(Signing.address("cn-north-1"))
        .hasToString("https://dynamodb.cn-north-1.amazonaws.com.cn");
  }

  @Test
  void severalQueriesAreNoOneCall() {
    var several = new StoreRequest.Queries(List.of());
    assertThatThrownBy(() -> RequestJson.of(several)).isInstanceOf(IllegalArgumentException.class);
  }
}

package io.streamer.emulator.dynamo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamer.emulator.aws.Amazon;
import io.streamer.emulator.aws.LocalAws;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

@Timeout(60)
class DynamoProxyTest {
  private static final String TABLE = "proxied";

  private static Vertx vertx;
  private static DynamoDbLocal dynamo;
  private static DynamoProxy proxy;
  private static DynamoDbClient client;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    dynamo = DynamoDbLocal.start(Amazon.JARS, Optional.empty());
    proxy = DynamoProxy.start(vertx, dynamo.uri()).await();
    client = LocalAws.dynamo(proxy.uri());
    Amazon.createTable(client, TABLE);
  }

  @AfterAll
  static void stop() {
    client.close();
    proxy.close().await();
    dynamo.close();
    vertx.close().await();
  }

  @Test
  void everyKindOfWriteIsTold() {
    var written = new AtomicInteger();
    proxy.onWrite(written::incrementAndGet);
    var key = Amazon.item("a", Map.of());

    client.putItem(r -> r.tableName(TABLE).item(key));
    assertThat(written).hasValue(1);
    client.updateItem(r -> r.tableName(TABLE).key(key).updateExpression("REMOVE x"));
    assertThat(written).hasValue(2);
    client.deleteItem(r -> r.tableName(TABLE).key(key));
    assertThat(written).hasValue(3);
    var put = WriteRequest.builder().putRequest(PutRequest.builder().item(key).build()).build();
    client.batchWriteItem(r -> r.requestItems(Map.of(TABLE, List.of(put))));
    assertThat(written).hasValue(4);
    client.transactWriteItems(r ->
        r.transactItems(
            TransactWriteItem.builder().delete(d -> d.tableName(TABLE).key(key)).build()));
    assertThat(written).hasValue(5);
  }

  @Test
  void readsAndRefusedWritesAreNotTold() {
    Amazon.put(client, TABLE, "there", Map.of());
    var written = new AtomicInteger();
    proxy.onWrite(written::incrementAndGet);
    assertThat(client.getItem(r -> r.tableName(TABLE).key(Amazon.item("there", Map.of()))).item())
        .isNotEmpty();
    client.scan(r -> r.tableName(TABLE));
    var refused =
        catchThrowableOfType(
            ConditionalCheckFailedException.class,
            () ->
                client.putItem(r ->
                    r.tableName(TABLE)
                        .item(Amazon.item("there", Map.of()))
                        .conditionExpression("attribute_not_exists(id)")));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(written).hasValue(0);
  }

  @Test
  void connectionsToTheTargetAreKept() throws Exception {
    var connections = new AtomicInteger();
    var target =
        vertx
            .createHttpServer()
            .connectionHandler(_ -> connections.incrementAndGet())
            .requestHandler(
                request -> request.body().onSuccess(body -> request.response().end(body)))
            .listen(0, "127.0.0.1")
            .await();
    var lane =
        DynamoProxy.start(vertx, URI.create("http://127.0.0.1:" + target.actualPort())).await();
    try (var http = HttpClient.newHttpClient()) {
      for (var i = 0; i < 20; i++) {
        assertThat(post(http, lane.uri(), "n" + i).body()).isEqualTo("n" + i);
      }
    }
    assertThat(connections).hasValue(1);
    lane.close().await();
    target.close().await();
  }

  @Test
  void anUnreachableTargetIsAnInternalError() throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    var lane = DynamoProxy.start(vertx, URI.create("http://127.0.0.1:" + nobody)).await();
    try (var impatient = client(lane.uri())) {
      var refused = catchThrowableOfType(DynamoDbException.class, impatient::listTables);
      assertThat(refused.statusCode()).isEqualTo(500);
      assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("InternalServerError");
    }
    lane.close().await();
  }

  @Test
  void aBodyOverTheLimitIsRefused() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var refused = post(http, proxy.uri(), "x".repeat(17 * 1024 * 1024 + 1));
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(refused.body()).contains("RequestEntityTooLargeException");
    }
    assertThat(client.listTables().tableNames()).contains(TABLE);
  }

  private static DynamoDbClient client(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(LocalAws.REGION)
        .credentialsProvider(LocalAws.credentials())
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private static HttpResponse<String> post(HttpClient http, URI uri, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}

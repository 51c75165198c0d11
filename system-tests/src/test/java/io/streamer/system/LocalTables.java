package io.streamer.system;

import io.streamer.emulator.dynamo.DynamoDbLocal;
import io.streamer.gateway.Clients;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.store.StoreTransport;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Call;
import io.streamer.shared.table.CreateTables;
import io.streamer.shared.table.SdkRequests;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.Tables;
import io.streamer.worker.aws.BlockingTransport;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Tables of one's own on a local server, and each way to them. */
final class LocalTables implements AutoCloseable {
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

  /** The way to the tables: each must behave as the other. */
  enum Way {
    BLOCKING,
    ASYNCHRONOUS,
    LEAN_BLOCKING,
    LEAN_ASYNCHRONOUS
  }

  private final Runnable stop;
  private final Vertx vertx = Vertx.vertx();
  private final StoreTransport leanAsync;
  private final BlockingTransport lean;
  final DynamoDbAsyncClient async;
  final DynamoDbClient client;
  final Tables tables = new Tables("test-" + UUID.randomUUID());

  private LocalTables(URI endpoint, Runnable stop) {
    this.stop = stop;
    async =
        DynamoDbAsyncClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(SdkLoops.shared()))
            .build();
    client =
        DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(CREDENTIALS)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    var settings =
        AwsSettings.read(
            new Environment(
                Map.of(
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "local",
                    "AWS_SECRET_ACCESS_KEY", "local",
                    "AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString())));
    leanAsync = Clients.store(vertx, Transport.LEAN, settings, List.of());
    lean = io.streamer.worker.aws.BlockingClients.store(Transport.LEAN, settings);
  }

  static LocalTables onDynamoDbLocal() {
    var server =
        DynamoDbLocal.start(
            Path.of("..", "local", "dynamodb-local", "target", "jars"), Optional.empty());
    return new LocalTables(server.uri(), server::close);
  }

  /** Skips the tests where LocalStack cannot be started. */
  static LocalTables onLocalStack() {
    var server = LocalStack.start();
    return new LocalTables(server.getEndpoint(), server::close);
  }

  void create() {
    CreateTables.create(client, tables);
  }

  /** The gateway's own way to them. */
  StoreTransport transport() {
    return leanAsync;
  }

  Vertx vertx() {
    return vertx;
  }

  <T> T run(Way way, Call<T> call) {
    return run(way, call, UnaryOperator.identity());
  }

  /** As a client does that gets no answer to a write which happened, and sends it again. */
  <T> T runWithEveryWriteSentTwice(Way way, Call<T> call) {
    return run(
        way,
        call,
        request -> {
          switch (request) {
            case StoreRequest.Put _,
                StoreRequest.Update _,
                StoreRequest.Delete _,
                StoreRequest.Writes _ ->
                send(way, request);
            case StoreRequest.Get _,
                StoreRequest.Query _,
                StoreRequest.Queries _,
                StoreRequest.Range _,
                StoreRequest.Scan _,
                StoreRequest.Batch _ -> {}
          }
          return request;
        });
  }

  /** An item as it stands, by its table's one key. */
  Map<String, AttributeValue> item(String table, String key, String value) {
    return client
        .getItem(get ->
            get.tableName(table).key(Map.of(key, AttributeValue.fromS(value))).consistentRead(true))
        .item();
  }

  /** The entries of an index under a key. */
  List<Map<String, AttributeValue>> indexed(
      String table, String index, String attribute, String value) {
    return client
        .query(
            QueryRequest.builder()
                .tableName(table)
                .indexName(index)
                .keyConditionExpression("#key = :value")
                .expressionAttributeNames(Map.of("#key", attribute))
                .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value)))
                .build())
        .items();
  }

  @Override
  public void close() {
    async.close();
    client.close();
    lean.close();
    leanAsync.close();
    vertx.close().await();
    stop.run();
  }

  private <T> T run(Way way, Call<T> call, UnaryOperator<StoreRequest> before) {
    return call.run(request -> send(way, before.apply(request)));
  }

  private Answer send(Way way, StoreRequest request) {
    return switch (way) {
      case BLOCKING -> SdkRequests.send(client, request);
      case ASYNCHRONOUS -> SdkRequests.send(async, request).join();
      case LEAN_BLOCKING -> lean.send(request);
      case LEAN_ASYNCHRONOUS -> leanAsync.send(request).await();
    };
  }
}

package io.streamer.gateway.apigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.ConnectionRows;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Tables;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Messages while the store is silent, with room for one. */
class MessagesTest {
  private static final MappedHeaders MAPPED =
      new MappedHeaders(
          MultiMap.caseInsensitiveMultiMap()
              .add(Mapping.CONNECTION.header(), "c1=")
              .add(Mapping.API_HEADER, "main"));

  private final Vertx vertx = Vertx.vertx();
  private ServerSocket silent;
  private DynamoDbAsyncClient client;
  private Pushes pushes;
  private Messages messages;

  @BeforeEach
  void start() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var keys = StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + silent.getLocalPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(keys)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(SdkLoops.shared()))
            .build();
    pushes = new Pushes(vertx, Addresses.of(Map.of()), "", "us-east-1", keys, Meters.unread());
    var clock = InstantSource.system();
    var dynamo = new VertxDynamo(vertx, client);
    var tables = new Tables("test");
    var calls = new ConnectionCalls(tables, clock);
    var hour = Duration.ofHours(1);
    var subscriptions = new SubscriptionCalls(tables, new JobLimits(hour, hour, hour), clock);
    var context = vertx.getOrCreateContext();
    var lanes = new Limiter(context, 1, hour);
    var farewell =
        new ConnectionCleanup(
            new ConnectionRows(context, dynamo, calls, hour, clock, System::nanoTime),
            lanes,
            _ -> Future.succeededFuture(),
            lanes,
            dynamo,
            subscriptions,
            clock);
    var directory = new ApiDirectory(vertx, dynamo, calls, farewell, hour, clock);
    messages =
        new Messages(
            vertx,
            directory,
            // no message gets as far as being routed
            null,
            null,
            pushes,
            new Messages.Bounds(1, Duration.ofSeconds(27), 1_024),
            clock);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    pushes.close();
    silent.close();
    vertx.close().await();
  }

  @Test
  void beyondTheBoundAMessageIsAnsweredAtOnceAndTheOthersWhenTheStoreIsGivenUp()
      throws IOException {
    assertThat(messages.idle()).isTrue();
    var first = take("r-1");
    var second = await(take("r-2"));
    assertThat(second.getString("request_id")).isEqualTo("r-2");
    assertThat(second.getJsonObject("error").getString("code")).isEqualTo("SERVICE_UNAVAILABLE");
    assertThat(second.getJsonObject("error").getLong("retry_after_ms")).isPositive();
    assertThat(first.isComplete()).isFalse();
    assertThat(messages.idle()).isFalse();

    silent.close();
    var answer = await(first);
    assertThat(answer.getString("request_id")).isEqualTo("r-1");
    assertThat(answer.getJsonObject("error").getString("code")).isEqualTo("SERVICE_UNAVAILABLE");
  }

  @Test
  void aTooLongMessageIsRefusedWithTheLimitNamed() {
    var sent = Promise.<JsonObject>promise();
    messages.refuseTooLarge(body -> answered(sent, body));
    var error = await(sent.future()).getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(error.getString("message")).contains("1024");
    assertThat(messages.idle()).isTrue();
  }

  private Future<JsonObject> take(String id) {
    var sent = Promise.<JsonObject>promise();
    var message = "{\"type\":\"ping\",\"id\":\"" + id + "\"}";
    messages.take(MAPPED, message.getBytes(UTF_8), body -> answered(sent, body));
    return sent.future();
  }

  private static Future<Void> answered(Promise<JsonObject> sent, byte[] body) {
    sent.complete(new JsonObject(Buffer.buffer(body)));
    return Future.succeededFuture();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

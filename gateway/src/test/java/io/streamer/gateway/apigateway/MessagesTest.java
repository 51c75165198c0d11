package io.streamer.gateway.apigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.Clients;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.ConnectionRows;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.Meters;
import io.streamer.gateway.store.Limiter;
import io.streamer.gateway.store.SdkTransport;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.store.JobLimits;
import io.streamer.shared.store.SubscriptionCalls;
import io.streamer.shared.table.Tables;
import io.streamer.shared.time.Clocks;
import io.streamer.testtools.Until;
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
import java.util.List;
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

/** Messages while the store is silent. */
class MessagesTest {
  private final Vertx vertx = Vertx.vertx();
  private ServerSocket silent;
  private DynamoDbAsyncClient client;
  private Pushes pushes;
  private ApiDirectory directory;
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
    pushes =
        new Pushes(
            vertx,
            Addresses.of(Map.of()),
            Clients.push(vertx, Transport.LEAN, () -> "", "us-east-1", keys),
            Meters.unread());
    var clock = InstantSource.system();
    var dynamo = new VertxDynamo(vertx, new SdkTransport(vertx, client));
    var tables = new Tables("test");
    var calls = new ConnectionCalls(tables, clock);
    var hour = Duration.ofHours(1);
    var subscriptions = new SubscriptionCalls(tables, new JobLimits(hour, hour, hour), clock);
    var context = vertx.getOrCreateContext();
    var lanes = new Limiter(context, 1, hour);
    var farewell =
        new ConnectionCleanup(
            new ConnectionRows(context, dynamo, calls, hour, Clocks.of(clock)),
            lanes,
            _ -> Future.succeededFuture(),
            lanes,
            dynamo,
            subscriptions,
            clock);
    directory = new ApiDirectory(vertx, dynamo, calls, farewell, hour, clock);
    messages = messages(1, 1);
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
  void oneConnectionHasAShareOfWhatMayBeUnderWay() throws IOException {
    messages = messages(3, 2);
    var mine = List.of(take("r-1"), take("r-2"));
    var refused = await(take("r-3")).getJsonObject("error");
    assertThat(refused.getString("code")).isEqualTo("RATE_LIMITED");
    assertThat(refused.getJsonObject("details").getString("limit")).isEqualTo("messages");
    assertThat(refused.getLong("retry_after_ms")).isPositive();
    var others = take("another", "r-1");
    assertThat(mine).noneMatch(Future::isComplete);
    assertThat(others.isComplete()).isFalse();

    silent.close();
    mine.forEach(MessagesTest::await);
    await(others);
    // its places are free again: it is refused for another reason
    var again = await(take("r-4")).getJsonObject("error");
    assertThat(again.getString("code")).isEqualTo("SERVICE_UNAVAILABLE");
    Until.holds("nothing is under way", messages::idle);
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

  private Messages messages(int most, int ofOne) {
    return new Messages(
        vertx,
        directory,
        // no message gets as far as being routed
        null,
        null,
        pushes,
        new Messages.Bounds(most, ofOne, Duration.ofSeconds(27), 1_024),
        InstantSource.system());
  }

  private Future<JsonObject> take(String id) {
    return take("c1", id);
  }

  private Future<JsonObject> take(String connection, String id) {
    var mapped =
        new MappedHeaders(
            MultiMap.caseInsensitiveMultiMap()
                .add(Mapping.CONNECTION.header(), connection + "=")
                .add(Mapping.API_HEADER, "main"));
    var sent = Promise.<JsonObject>promise();
    var message = "{\"type\":\"ping\",\"id\":\"" + id + "\"}";
    messages.take(mapped, message.getBytes(UTF_8), body -> answered(sent, body));
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

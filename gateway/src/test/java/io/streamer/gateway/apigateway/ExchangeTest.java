package io.streamer.gateway.apigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.streamer.gateway.Clients;
import io.streamer.gateway.connection.DoorTerms;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.push.Addresses;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.gateway.signal.Meters;
import io.streamer.handler.RawJson;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.ServerFrame.Complete;
import io.streamer.shared.protocol.ServerFrame.Pong;
import io.streamer.shared.protocol.ServerFrame.Response;
import io.streamer.shared.settings.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** One message's session, its pushes taken by a real HTTP server. */
class ExchangeTest {
  private static final long FAR = 9_000_000_000_001L;

  private final List<JsonObject> pushed = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile int status = 200;
  private HttpServer api;
  private Pushes pushes;
  private Exchange exchange;

  @BeforeEach
  void start() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    // a thread each: two pushes at once would be free to overtake each other
    api.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    api.createContext("/", this::take);
    api.start();
    var address = URI.create("http://127.0.0.1:" + api.getAddress().getPort());
    pushes =
        new Pushes(
            vertx,
            Addresses.of(Map.of("api:main", address)),
            Clients.push(
                vertx,
                Transport.LEAN,
                () -> "",
                "us-east-1",
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"))),
            Meters.unread());
    var clock = InstantSource.system();
    var row = new ConnectionRow("c1=", "t1", "u1", Set.of("p"), "api:main", "", "", 1, 1, FAR, 10);
    exchange =
        new Exchange(
            new ApiDirectory.Known(row),
            new DoorTerms(1, 2, 3, 4, "test"),
            new FrameSender(vertx, new Registry(), "node:n1", pushes, clock),
            new FrameSignals(Meters.unread()),
            clock);
  }

  @AfterEach
  void stop() {
    pushes.close();
    api.stop(0);
    vertx.close().await();
  }

  @Test
  void itIsTheConnectionOfItsRow() {
    assertThat(exchange.id()).isEqualTo("c1=");
    assertThat(exchange.caller().user()).isEqualTo("u1");
    assertThat(exchange.route().endpoint()).isEqualTo("api:main");
    // a started second counts: its token still holds
    assertThat(exchange.route().expiresAt()).isEqualTo(9_000_000_001L);
  }

  @Test
  void theFirstFrameOutsideAJobsNumbersIsTheAnswer() {
    exchange.send(complete(1));
    assertThat(exchange.answer().isComplete()).isFalse();
    exchange.send(new Pong("p-1"));
    assertThat(new JsonObject(Buffer.buffer(exchange.answer().result())).getString("request_id"))
        .isEqualTo("p-1");
  }

  @Test
  void theOthersFollowTheResponseInTheirOrder() {
    exchange.send(new Pong("p-1"));
    for (int seq = 1; seq <= 20; seq++) {
      exchange.send(complete(seq));
    }
    assertThat(pushed).isEmpty();
    exchange.responded();
    assertThat(await(exchange.pushed())).isTrue();
    assertThat(pushed).extracting(frame -> frame.getLong("seq")).hasSize(20).isSorted();
  }

  @Test
  void anAnswerWithFramesComesOnceTheyAreOut() {
    var answered =
        exchange.answer(
            () -> exchange.send(new Pong("p-1")),
            () -> {
              assertThat(exchange.answer().isComplete()).isFalse();
              return exchange
                  .push(complete(1))
                  .compose(_ -> exchange.push(complete(2)))
                  .onSuccess(_ -> assertThat(exchange.answer().isComplete()).isFalse())
                  .mapEmpty();
            });
    await(answered);
    assertThat(pushed).extracting(frame -> frame.getLong("seq")).containsExactly(1L, 2L);
    assertThat(exchange.answer().isComplete()).isTrue();
  }

  @Test
  void framesThatFailLeaveNoAnswer() {
    var answered =
        exchange.answer(
            () -> exchange.send(new Pong("p-1")), () -> Future.failedFuture("the store is away"));
    assertThat(answered.failed()).isTrue();
    assertThat(exchange.answer().isComplete()).isFalse();
  }

  @Test
  void anAnswerThatComesTooLateIsPushed() {
    exchange.giveUp();
    assertThat(exchange.answer().result()).isEmpty();
    exchange.responded();
    exchange.send(new Response("r-1", RawJson.of("{}")));
    assertThat(await(exchange.pushed())).isTrue();
    assertThat(pushed).extracting(frame -> frame.getString("request_id")).containsExactly("r-1");
  }

  @Test
  void nothingIsSentToAConnectionFoundGone() {
    status = 410;
    exchange.send(new Pong("p-1"));
    exchange.send(complete(1));
    exchange.send(complete(2));
    exchange.responded();
    assertThat(await(exchange.pushed())).isFalse();
    assertThat(pushed).hasSize(1);
  }

  @Test
  void whatFailsIsTriedAgainBeforeTheNext() {
    failures.set(2);
    exchange.send(new Pong("p-1"));
    exchange.send(complete(1));
    exchange.send(complete(2));
    exchange.responded();
    assertThat(await(exchange.pushed())).isTrue();
    assertThat(pushed).extracting(frame -> frame.getLong("seq")).containsExactly(1L, 1L, 1L, 2L);
  }

  private static Complete complete(long seq) {
    return new Complete(
        "r-1", "job", seq, new ServerFrame.Result.Inline(RawJson.of("{}")), Map.of());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private void take(HttpExchange push) throws IOException {
    try (push) {
      pushed.add(new JsonObject(new String(push.getRequestBody().readAllBytes(), UTF_8)));
      push.sendResponseHeaders(failures.getAndDecrement() > 0 ? 500 : status, -1);
    }
  }
}

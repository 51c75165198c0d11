package io.streamer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.http.Health.Check;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HealthTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Vertx vertx;

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicBoolean stopping = new AtomicBoolean();

  record Reply(int status, JsonObject body) {}

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  private static int serve(Router router) {
    return vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  private int serve(Check... checks) {
    var router = Router.router(vertx);
    Health.mount(router, now::get, stopping::get, checks);
    return serve(router);
  }

  private static CompletableFuture<Reply> ask(int port, String path) {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return HTTP.sendAsync(request, BodyHandlers.ofString())
        .thenApply(answer -> new Reply(answer.statusCode(), new JsonObject(answer.body())));
  }

  private static JsonObject ready(String status, String... namesAndStates) {
    var checks = new JsonObject();
    for (int i = 0; i < namesAndStates.length; i += 2) {
      checks.put(namesAndStates[i], namesAndStates[i + 1]);
    }
    return new JsonObject().put("status", status).put("checks", checks);
  }

  @Test
  void aRunningProcessIsUpWhateverItsChecksSay() {
    int port = serve(new Check("store", () -> Future.succeededFuture(false)));

    assertThat(ask(port, "/health").join())
        .isEqualTo(new Reply(200, new JsonObject().put("status", "up")));
  }

  @Test
  void aGatewayWhoseChecksHoldIsReady() {
    int port =
        serve(
            new Check("store", () -> Future.succeededFuture(true)),
            new Check("actions", () -> Future.succeededFuture(true)));

    assertThat(ask(port, "/ready").join())
        .isEqualTo(new Reply(200, ready("ready", "store", "up", "actions", "up")));
  }

  @Test
  void everyWayToFailIsNamedAsDown() {
    int port =
        serve(
            new Check("good", () -> Future.succeededFuture(true)),
            new Check("false", () -> Future.succeededFuture(false)),
            new Check("failed", () -> Future.failedFuture("refused")),
            new Check("null", () -> Future.succeededFuture(null)),
            new Check(
                "thrown",
                () -> {
                  throw new IllegalStateException("broken");
                }));

    assertThat(ask(port, "/ready").join())
        .isEqualTo(
            new Reply(
                503,
                ready(
                    "unavailable",
                    "good",
                    "up",
                    "false",
                    "down",
                    "failed",
                    "down",
                    "null",
                    "down",
                    "thrown",
                    "down")));
  }

  @Test
  void aCheckThatNeverAnswersIsDown() {
    var router = Router.router(vertx);
    new Health(
            InstantSource.system(),
            stopping::get,
            Duration.ofMillis(1),
            List.of(new Check("silent", () -> Promise.<Boolean>promise().future())))
        .mount(router);

    assertThat(ask(serve(router), "/ready").join())
        .isEqualTo(new Reply(503, ready("unavailable", "silent", "down")));
  }

  @Test
  void anAnswerIsKeptForASecondAndThenAskedAnew() {
    var rounds = new AtomicInteger();
    var there = new AtomicBoolean(true);
    int port =
        serve(
            new Check(
                "store",
                () -> {
                  rounds.incrementAndGet();
                  return Future.succeededFuture(there.get());
                }));

    assertThat(ask(port, "/ready").join().status()).isEqualTo(200);
    there.set(false);
    now.set(Instant.EPOCH.plusMillis(999));
    assertThat(ask(port, "/ready").join().status()).isEqualTo(200);
    assertThat(rounds).hasValue(1);
    now.set(Instant.EPOCH.plusMillis(1000));
    assertThat(ask(port, "/ready").join().status()).isEqualTo(503);
    assertThat(rounds).hasValue(2);
  }

  @Test
  void whoStopsIsNotReadyWhateverWasSaidAMomentAgo() {
    int port = serve(new Check("store", () -> Future.succeededFuture(true)));

    assertThat(ask(port, "/ready").join().status()).isEqualTo(200);
    stopping.set(true);
    assertThat(ask(port, "/ready").join())
        .isEqualTo(new Reply(503, new JsonObject().put("status", "stopping")));
    assertThat(ask(port, "/health").join().status()).isEqualTo(200);
  }

  @Test
  void whoAsksWhileARoundRunsSharesItsAnswer() throws InterruptedException {
    var rounds = new AtomicInteger();
    var bothCame = new CountDownLatch(2);
    var slow = Promise.<Boolean>promise();
    var router = Router.router(vertx);
    // what follows next() runs once the route has been through
    router
        .route()
        .handler(context -> {
          context.next();
          bothCame.countDown();
        });
    Health.mount(
        router,
        now::get,
        stopping::get,
        new Check(
            "store",
            () -> {
              rounds.incrementAndGet();
              now.set(Instant.EPOCH.plusSeconds(1));
              return slow.future();
            }));
    int port = serve(router);

    var first = ask(port, "/ready");
    var second = ask(port, "/ready");
    bothCame.await();
    slow.complete(true);

    assertThat(first.join().status()).isEqualTo(200);
    assertThat(second.join().status()).isEqualTo(200);
    assertThat(rounds).hasValue(1);
  }
}

package io.streamer.gateway.store;

import static io.streamer.testtools.FaultyService.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.dynamo.CallTries;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Reaction;
import io.streamer.testtools.FaultyService.Reaction.Say;
import io.streamer.testtools.Until;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Its credentials and its bounds. */
@Timeout(120)
class LeanTransportTest {
  private static final StoreRequest GET = new StoreRequest.Get("t", Item.of("jobId", "j1"), true);
  private static final Say FOUND = new Say(200, "{\"Item\":{\"jobId\":{\"S\":\"j1\"}}}");
  private static final Answer THERE = new Answer.Row(Optional.of(Item.of("jobId", "j1")));
  private static final AwsCredentialsProvider STATIC =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));

  private static Vertx vertx;

  private FaultyService tables;
  private LeanTransport transport;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @AfterEach
  void close() throws IOException {
    transport.close();
    tables.close();
  }

  private void script(
      IntFunction<Reaction> script, AwsCredentialsProvider credentials, int connections, int most)
      throws IOException {
    tables = new FaultyService(script);
    transport =
        new LeanTransport(
            vertx,
            URI.create("http://127.0.0.1:" + tables.port()),
            "us-east-1",
            credentials,
            Clock.systemUTC(),
            new LeanTransport.Bounds(
                connections, most, Duration.ofSeconds(20), Duration.ofSeconds(60)),
            List.of());
  }

  private Future<Answer> sent() {
    var answer = transport.send(GET);
    Future.join(List.of(answer)).otherwiseEmpty().await();
    return answer;
  }

  @Test
  void credentialsThatHaveExpiredAreLookedUpAgain() throws IOException {
    var looks = new AtomicInteger();
    script(
        number -> number == 2 ? error(400, "ExpiredTokenException") : FOUND,
        () -> AwsBasicCredentials.create("id" + looks.incrementAndGet(), "secret"),
        4,
        4);
    assertThat(sent().result()).isEqualTo(THERE);
    assertThat(sent().result()).isEqualTo(THERE);
    assertThat(sent().result()).isEqualTo(THERE);
    assertThat(tables.asked())
        .extracting(it -> it.headers().get("authorization").replaceFirst("[^=]*=([^/]*)/.*", "$1"))
        .containsExactly("id1", "id1", "id2", "id2");
  }

  @Test
  void withoutCredentialsNothingIsSent() throws IOException {
    script(
        _ -> FOUND,
        () -> {
          throw new IllegalStateException("none are found");
        },
        4,
        4);
    assertThat(sent().cause())
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("credentials")
        .hasRootCauseMessage("none are found");
    assertThat(tables.asked()).isEmpty();
  }

  @Test
  void noEventLoopWaitsForCredentials() throws IOException {
    var found = new CountDownLatch(1);
    var looks = new AtomicInteger();
    script(
        _ -> FOUND,
        () -> {
          assertThat(Context.isOnEventLoopThread()).isFalse();
          looks.incrementAndGet();
          try {
            found.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return AwsBasicCredentials.create("id", "secret");
        },
        4,
        4);
    var context = vertx.getOrCreateContext();
    var first = on(context);
    var second = on(context);
    Until.holds("they are looked for", () -> looks.get() > 0);
    // the loop does other things meanwhile
    Future.future(done -> context.runOnContext(_ -> done.complete())).await();
    assertThat(first.isComplete()).isFalse();
    found.countDown();
    assertThat(first.await()).isEqualTo(THERE);
    assertThat(second.await()).isEqualTo(THERE);
    assertThat(looks).hasValue(1);
  }

  private Future<Answer> on(Context context) {
    return Future.future(done -> context.runOnContext(_ -> transport.send(GET).onComplete(done)));
  }

  @Test
  void soManyConnectionsAreAll() throws IOException {
    script(_ -> FOUND, STATIC, 3, 1_000);
    var answers = IntStream.range(0, 200).mapToObj(_ -> transport.send(GET)).toList();
    Future.join(answers).await();
    assertThat(tables.connections()).isLessThanOrEqualTo(3);
  }

  @Test
  void whoFindsNoRoomToWaitIsToldSo() throws IOException {
    script(_ -> new Reaction.Hang(), STATIC, 1, 1);
    var first = transport.send(GET);
    Until.holds("it is under way", () -> tables.asked().size() == 1);
    var second = transport.send(GET);
    var third = sent();
    assertThat(third.cause()).isInstanceOf(StoreUnavailableException.class);
    assertThat(first.isComplete()).isFalse();
    assertThat(second.isComplete()).isFalse();
  }

  @Test
  void anAnswerLongerThanAnyIsNotRead() throws IOException {
    var text = "x".repeat(CallTries.MOST_BYTES);
    script(_ -> new Say(200, "{\"Item\":{\"jobId\":{\"S\":\"" + text + "\"}}}"), STATIC, 4, 4);
    assertThat(sent().cause())
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("longer");
    assertThat(tables.asked()).hasSize(1);
  }

  @Test
  void aClockThatIsWrongIsSetRightForAllCalls() throws IOException {
    var there = "Date: Fri, 01 May 2099 12:00:00 GMT";
    script(number -> number == 1 ? error(400, "RequestExpired").with(there) : FOUND, STATIC, 4, 4);
    assertThat(sent().result()).isEqualTo(THERE);
    assertThat(sent().result()).isEqualTo(THERE);
    assertThat(tables.asked())
        .extracting(it -> it.headers().get("x-amz-date").startsWith("20990501T12"))
        .containsExactly(false, true, true);
  }
}

package io.streamer.gateway.store;

import static io.streamer.testtools.FaultyService.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.Clients;
import io.streamer.gateway.store.StoreListener.Ending;
import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.shared.table.Value;
import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Passing;
import io.streamer.testtools.FaultyService.Reaction;
import io.streamer.testtools.FaultyService.Reaction.Say;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way and over there, by either transport: the SDK's is the oracle. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class TransportFaultsTest {
  private static final StoreRequest GET = new StoreRequest.Get("t", Item.of("jobId", "j1"), true);
  private static final Say FOUND = new Say(200, "{\"Item\":{\"jobId\":{\"S\":\"j1\"}}}");
  private static final Answer THERE = new Answer.Row(Optional.of(Item.of("jobId", "j1")));

  private static Vertx vertx;

  @Parameter private Transport kind;

  private final List<Ending> endings = new CopyOnWriteArrayList<>();
  private FaultyService tables;
  private StoreTransport transport;

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

  private void script(IntFunction<Reaction> script) throws IOException {
    tables = new FaultyService(script);
    var settings =
        AwsSettings.read(
            new Environment(
                Map.of(
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "id",
                    "AWS_SECRET_ACCESS_KEY", "secret",
                    "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + tables.port())));
    transport = Clients.store(vertx, kind, settings, List.of((ending, _) -> endings.add(ending)));
  }

  private Future<Answer> send(StoreRequest request) {
    var answer = transport.send(request);
    Future.join(List.of(answer)).otherwiseEmpty().await();
    return answer;
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesWrongOnceIsNotSeen(Passing fault) throws IOException {
    script(number -> number == 1 ? fault.reaction() : FOUND);
    assertThat(send(GET).result()).isEqualTo(THERE);
    // the SDK's client hears of a reset twice, and may take the second word for the next try's
    boolean twice = kind == Transport.SDK && fault == Passing.RESET;
    assertThat(tables.asked()).hasSizeBetween(2, twice ? 3 : 2);
    awaitEndings(Ending.ANSWERED);
  }

  /** The SDK's client tells of them behind its answer. */
  private void awaitEndings(Ending... all) {
    Until.matches("the calls are over", () -> List.copyOf(endings), List.of(all)::equals);
  }

  /** The SDK's client does not ask again, and could. */
  @Test
  void aWrongChecksumIsNoAnswer() throws IOException {
    script(_ -> FOUND.with("x-amz-crc32: 1"));
    assertThat(send(GET).cause()).isInstanceOf(StoreUnavailableException.class);
    assertThat(tables.asked()).hasSize(kind == Transport.LEAN ? 3 : 1);
    awaitEndings(Ending.UNANSWERED);
  }

  @Test
  void whoIsSilentOnceIsAskedAgain() throws IOException {
    script(number -> number == 1 ? new Reaction.Hang() : FOUND);
    assertThat(send(GET).result()).isEqualTo(THERE);
    assertThat(tables.asked()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesOnIsToldAfterThreeTries(Passing fault) throws IOException {
    script(_ -> fault.reaction());
    assertThat(send(GET).cause()).isInstanceOf(StoreUnavailableException.class);
    // of one that throttles, the second pause may be longer than a call
    assertThat(tables.asked()).hasSizeBetween(fault.throttles() ? 2 : 3, 3);
    awaitEndings(fault.throttles() ? Ending.REFUSED : Ending.UNANSWERED);
  }

  @Test
  void whoIsSilentIsAskedTwiceWithinACallsTime() throws IOException {
    script(_ -> new Reaction.Hang());
    long from = System.nanoTime();
    assertThat(send(GET).cause()).isInstanceOf(StoreUnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(tables.asked()).hasSizeBetween(2, 3);
    if (kind == Transport.LEAN) {
      // the SDK's client tells nobody of a call whose whole time is up
      awaitEndings(Ending.UNANSWERED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ValidationException",
        "ResourceNotFoundException",
        "AccessDeniedException",
        "ItemCollectionSizeLimitExceededException",
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "MissingAuthenticationToken"
      })
  void whatCanNeverWorkIsAskedOnce(String type) throws IOException {
    script(_ -> error(400, type));
    var why = send(GET).cause();
    assertThat(why).isInstanceOf(RuntimeException.class);
    assertThat(why).isNotInstanceOf(StoreUnavailableException.class);
    assertThat(why).hasMessageContaining("said");
    assertThat(tables.asked()).hasSize(1);
    awaitEndings(Ending.REFUSED);
  }

  @Test
  void anAttributeOfAnotherTypeIsTold() throws IOException {
    script(_ -> new Say(200, "{\"Item\":{\"odd\":{\"NULL\":true}}}"));
    assertThat(send(GET).cause())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("odd");
    assertThat(tables.asked()).hasSize(1);
  }

  @Test
  void aConditionThatDoesNotHoldIsAnAnswerWithTheItemThatIsThere() throws IOException {
    script(number ->
        new Say(
            400,
            "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\""
                + (number == 1 ? ",\"Item\":{\"jobId\":{\"S\":\"j1\"}}}" : "}")));
    var put =
        new StoreRequest.Put("t", Item.of("jobId", "j1"), List.of(new Condition.Absent("jobId")));
    assertThat(send(put).result())
        .isEqualTo(new Answer.Refused(Optional.of(Item.of("jobId", "j1"))));
    var update =
        new StoreRequest.Update(
            "t",
            Item.of("jobId", "j1"),
            Map.of("a", Value.of(1)),
            Set.of(),
            List.of(new Condition.Present("jobId")));
    assertThat(send(update).result()).isEqualTo(new Answer.Refused(Optional.empty()));
    assertThat(tables.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidSignatureException", "RequestExpired"})
  void aClockThatIsWrongIsSetRight(String type) throws IOException {
    var there = "Date: Fri, 01 May 2099 12:00:00 GMT";
    script(number -> number == 1 ? error(400, type).with(there) : FOUND);
    assertThat(send(GET).result()).isEqualTo(THERE);
    assertThat(send(GET).result()).isEqualTo(THERE);
    assertThat(tables.asked()).hasSize(3);
  }

  @Test
  void aWrongKeyIsNoWrongClock() throws IOException {
    script(_ -> error(400, "InvalidSignatureException"));
    assertThat(send(GET).cause()).isNotInstanceOf(StoreUnavailableException.class);
    assertThat(tables.asked()).hasSize(1);
  }

  @Test
  void aBatchTellsWhatIsLeft() throws IOException {
    script(_ ->
        new Say(
            200,
            """
            {"Responses":{"t":[{"jobId":{"S":"j1"}}]},
             "UnprocessedKeys":{"t":{"Keys":[{"jobId":{"S":"j2"}}]}}}
            """));
    var keys = List.of(Item.of("jobId", "j1"), Item.of("jobId", "j2"));
    assertThat(send(new StoreRequest.Batch("t", keys, Duration.ofMillis(20))).result())
        .isEqualTo(
            new Answer.Rows(
                List.of(Item.of("jobId", "j1")),
                Optional.empty(),
                List.of(Item.of("jobId", "j2"))));
  }

  @Test
  void severalQueriesAreAnsweredInTheirOrderOrNotAtAll() throws IOException {
    script(_ -> new Say(200, "{\"Items\":[{\"jobId\":{\"S\":\"j1\"}}]}"));
    var queries =
        IntStream.range(0, 16)
            .mapToObj(
                i -> new StoreRequest.Query("t", "i", "a", Value.of("v" + i), 1, Optional.empty()))
            .toList();
    assertThat(send(new StoreRequest.Queries(queries)).result())
        .isInstanceOfSatisfying(Answer.Rows.class, rows -> assertThat(rows.items()).hasSize(16));
    Until.holds("the calls are over", () -> endings.size() == 16);
  }

  @Test
  void manyMoreThanThereAreConnectionsAreAllAnswered() throws IOException {
    script(_ -> FOUND);
    var answers = IntStream.range(0, 2_000).mapToObj(_ -> transport.send(GET)).toList();
    Future.join(answers).await();
    assertThat(answers).allSatisfy(it -> assertThat(it.result()).isEqualTo(THERE));
    assertThat(tables.asked()).hasSize(2_000);
  }

  @Test
  void anAnswerOfSomeMegabytesIsRead() throws IOException {
    var item = "{\"text\":{\"S\":\"" + "x".repeat(300 * 1024) + "\"}}";
    script(_ -> new Say(200, "{\"Items\":[" + (item + ",").repeat(9) + item + "]}"));
    assertThat(send(new StoreRequest.Scan("t", Optional.empty())).result())
        .isInstanceOfSatisfying(Answer.Rows.class, rows -> assertThat(rows.items()).hasSize(10));
  }

  @Test
  void theAnswerComesOnTheContextThatAsked() throws IOException {
    script(_ -> FOUND);
    for (var context :
        List.of(vertx.getOrCreateContext(), ((VertxInternal) vertx).createVirtualThreadContext())) {
      var there =
          Future.<Boolean>future(done ->
              context.runOnContext(_ ->
                  transport
                      .send(GET)
                      .map(_ -> context.equals(Vertx.currentContext()))
                      .onComplete(done)));
      assertThat(there.await()).isTrue();
    }
  }

  @Test
  void nobodyThereIsTrouble() throws IOException {
    script(_ -> FOUND);
    tables.close();
    assertThat(send(GET).cause()).isInstanceOf(StoreUnavailableException.class);
    awaitEndings(Ending.UNANSWERED);
  }

  @Test
  void aCallBehindItsEndIsTrouble() throws IOException {
    script(_ -> FOUND);
    send(GET);
    transport.close();
    Future<Answer> late;
    try {
      late = send(GET);
    } catch (RuntimeException _) {
      // the SDK's client throws
      return;
    }
    assertThat(late.failed()).isTrue();
  }
}

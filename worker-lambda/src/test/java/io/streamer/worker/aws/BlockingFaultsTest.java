package io.streamer.worker.aws;

import static io.streamer.testtools.FaultyService.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Condition;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Passing;
import io.streamer.testtools.FaultyService.Reaction;
import io.streamer.testtools.FaultyService.Reaction.Say;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
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
class BlockingFaultsTest {
  private static final StoreRequest GET = new StoreRequest.Get("t", Item.of("jobId", "j1"), true);
  private static final Say FOUND = new Say(200, "{\"Item\":{\"jobId\":{\"S\":\"j1\"}}}");
  private static final Answer THERE = new Answer.Row(Optional.of(Item.of("jobId", "j1")));

  @Parameter private Transport kind;

  private FaultyService tables;
  private BlockingTransport transport;

  @AfterEach
  void close() throws IOException {
    transport.close();
    tables.close();
  }

  private void script(IntFunction<Reaction> script) throws IOException {
    tables = new FaultyService(script);
    transport =
        BlockingClients.store(
            kind,
            AwsSettings.read(
                new Environment(
                    Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "id",
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:" + tables.port()))));
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesWrongOnceIsNotSeen(Passing fault) throws IOException {
    script(number -> number == 1 ? fault.reaction() : FOUND);
    assertThat(transport.send(GET)).isEqualTo(THERE);
    assertThat(tables.asked()).hasSize(2);
  }

  @Test
  void whoIsSilentOnceIsAskedAgain() throws IOException {
    script(number -> number == 1 ? new Reaction.Hang() : FOUND);
    assertThat(transport.send(GET)).isEqualTo(THERE);
    assertThat(tables.asked()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void whatGoesOnIsToldAfterThreeTries(Passing fault) throws IOException {
    script(_ -> fault.reaction());
    assertThatThrownBy(() -> transport.send(GET)).isInstanceOf(StoreUnavailableException.class);
    assertThat(tables.asked()).hasSizeBetween(fault.throttles() ? 2 : 3, 3);
  }

  /** The SDK's client does not ask again, and could. */
  @Test
  void aWrongChecksumIsNoAnswer() throws IOException {
    script(_ -> FOUND.with("x-amz-crc32: 1"));
    assertThatThrownBy(() -> transport.send(GET)).isInstanceOf(StoreUnavailableException.class);
    assertThat(tables.asked()).hasSize(kind == Transport.LEAN ? 3 : 1);
  }

  @Test
  void whoIsSilentForGoodIsToldAsTrouble() throws IOException {
    script(_ -> new Reaction.Hang());
    assertThatThrownBy(() -> transport.send(GET)).isInstanceOf(StoreUnavailableException.class);
    assertThat(tables.asked()).hasSizeBetween(2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ValidationException",
        "ResourceNotFoundException",
        "AccessDeniedException",
        "ExpiredTokenException",
        "UnrecognizedClientException"
      })
  void whatCanNeverWorkIsAskedOnce(String type) throws IOException {
    script(_ -> error(400, type));
    assertThat(catchThrowable(() -> transport.send(GET)))
        .isInstanceOf(RuntimeException.class)
        .isNotInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("said");
    assertThat(tables.asked()).hasSize(1);
  }

  @Test
  void aConditionThatDoesNotHoldIsAnAnswerWithTheItemThatIsThere() throws IOException {
    script(_ ->
        new Say(
            400,
            "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\""
                + ",\"Item\":{\"jobId\":{\"S\":\"j1\"}}}"));
    var put =
        new StoreRequest.Put("t", Item.of("jobId", "j1"), List.of(new Condition.Absent("jobId")));
    assertThat(transport.send(put))
        .isEqualTo(new Answer.Refused(Optional.of(Item.of("jobId", "j1"))));
    assertThat(tables.asked()).hasSize(1);
  }

  @Test
  void aClockThatIsWrongIsSetRight() throws IOException {
    script(number ->
        number == 1
            ? error(400, "RequestExpired").with("Date: Fri, 01 May 2099 12:00:00 GMT")
            : FOUND);
    assertThat(transport.send(GET)).isEqualTo(THERE);
    assertThat(tables.asked()).hasSize(2);
    if (kind == Transport.LEAN) {
      assertThat(tables.asked().get(1).headers().get("x-amz-date")).startsWith("20990501T");
    }
  }

  @Test
  void severalQueriesAreOneAnswer() throws IOException {
    script(_ -> new Say(200, "{\"Items\":[{\"jobId\":{\"S\":\"j1\"}}]}"));
    var query =
        new StoreRequest.Query(
            "t", "i", "a", io.streamer.shared.table.Value.of("v"), 1, Optional.empty());
    assertThat(transport.send(new StoreRequest.Queries(List.of(query, query))))
        .isEqualTo(
            new Answer.Rows(
                List.of(Item.of("jobId", "j1"), Item.of("jobId", "j1")),
                Optional.empty(),
                List.of()));
  }

  @Test
  void anInterruptedCallSaysSoAndTheThreadStaysInterrupted() throws IOException {
    script(_ -> FOUND);
    for (var request : List.of(GET, batch(Duration.ZERO), batch(Duration.ofHours(1)))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> transport.send(request))
          .isInstanceOf(StoreUnavailableException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static StoreRequest batch(Duration pause) {
    return new StoreRequest.Batch("t", List.of(Item.of("jobId", "j1")), pause);
  }

  @Test
  void connectionsAreKept() throws IOException {
    script(number -> number % 2 == 0 ? error(400, "ValidationException") : FOUND);
    for (int i = 0; i < 20; i++) {
      try {
        transport.send(GET);
      } catch (RuntimeException _) {
        // its connection is as good as that of an answer
      }
    }
    assertThat(tables.connections()).isOne();
  }
}

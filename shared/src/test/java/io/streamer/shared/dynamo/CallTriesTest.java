package io.streamer.shared.dynamo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.aws.HttpReply;
import io.streamer.shared.aws.RetryTokens;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.aws.Tries.Next;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Item;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreRequestException;
import io.streamer.shared.table.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done about each answer; {@code io.streamer.gateway} tries the same against the SDK. */
class CallTriesTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final String AN_HOUR_LATER = "Fri, 01 May 2026 13:00:00 GMT";
  private static final String A_MINUTE_LATER = "Fri, 01 May 2026 12:01:00 GMT";

  private final RetryTokens tokens = new RetryTokens();
  private final ServerClock clock = new ServerClock(Clock.fixed(NOW, ZoneOffset.UTC));

  /** The longest pauses. */
  private final RandomGenerator most =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          throw new AssertionError("nobody asks for it");
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private final CallTries attempts = attempts();

  private CallTries attempts() {
    return new CallTries(
        new StoreRequest.Get("t", Item.of("jobId", "j1"), true), tokens, clock, most);
  }

  private static HttpReply reply(int status, String body) {
    return reply(status, Map.of(), body);
  }

  private static HttpReply reply(int status, Map<String, String> headers, String body) {
    return new HttpReply(status, headers::get, body.getBytes(UTF_8), false);
  }

  private static HttpReply error(int status, String code, @Nullable String date) {
    var body = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + code + "\",\"message\":\"m\"}";
    return reply(status, date == null ? Map.of() : Map.of("Date", date), body);
  }

  @Test
  void pausesGrowAndThereAreThreeTries() {
    assertThat(attempts.answered(reply(500, "")))
        .isInstanceOfSatisfying(
            Next.Again.class,
            again -> assertThat(again.pause()).isEqualTo(Duration.ofMillis(100).minusNanos(1)));
    assertThat(attempts.unanswered("cut", null))
        .isInstanceOfSatisfying(
            Next.Again.class,
            again -> assertThat(again.pause()).isEqualTo(Duration.ofMillis(200).minusNanos(1)));
    assertThat(attempts.answered(reply(503, "")))
        .isInstanceOfSatisfying(
            Next.Failed.class,
            failed -> {
              assertThat(failed.why()).isInstanceOf(StoreUnavailableException.class);
              assertThat(failed.answered()).isFalse();
            });
  }

  @Test
  void whoThrottlesIsGivenMoreTime() {
    assertThat(attempts.answered(error(400, "ProvisionedThroughputExceededException", null)))
        .isInstanceOfSatisfying(
            Next.Again.class,
            again -> {
              assertThat(again.pause()).isEqualTo(Duration.ofSeconds(1).minusNanos(1));
              assertThat(again.otherwise().answered()).isTrue();
              assertThat(again.otherwise().why()).isInstanceOf(StoreUnavailableException.class);
            });
  }

  @ParameterizedTest
  @CsvSource({"x-amzn-ErrorType,true", "__type,false", "code,false"})
  void aCodeStandsInAHeaderOrInTheBody(String place, boolean header) {
    var type = "ThrottlingException:http://internal.amazon.com/";
    var body = header ? "<html>" : "{\"" + place + "\":\"a.b#ThrottlingException\"}";
    var headers = header ? Map.of("x-amzn-ErrorType", type) : Map.<String, String>of();
    assertThat(attempts.answered(reply(400, headers, body))).isInstanceOf(Next.Again.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ValidationException", "ResourceNotFoundException", "AccessDeniedException", ""})
  void whatCanNeverWorkIsTriedOnce(String code) {
    assertThat(attempts.answered(error(400, code, AN_HOUR_LATER)))
        .isInstanceOfSatisfying(
            Next.Failed.class,
            failed -> {
              assertThat(failed.answered()).isTrue();
              assertThat(failed.why())
                  .isInstanceOf(StoreRequestException.class)
                  .hasMessageContaining(code)
                  .hasMessageContaining("400")
                  .hasMessageEndingWith(": m");
            });
  }

  @Test
  void aLimitOfTheControlPlaneIsTriedOnceAndPasses() {
    assertThat(attempts.answered(error(400, "LimitExceededException", null)))
        .isInstanceOfSatisfying(
            Next.Failed.class,
            failed -> assertThat(failed.why()).isInstanceOf(StoreUnavailableException.class));
  }

  @Test
  void anAnswerThatIsCutIsNotAskedForAgain() {
    var cut = new HttpReply(200, _ -> null, "{}".getBytes(UTF_8), true);
    assertThat(attempts.answered(cut))
        .isInstanceOfSatisfying(
            Next.Failed.class,
            failed -> {
              assertThat(failed.answered()).isTrue();
              assertThat(failed.why())
                  .isInstanceOf(StoreUnavailableException.class)
                  .hasMessageContaining("longer");
            });
  }

  @Test
  void aChecksumTellsABrokenAnswer() {
    var body = "{\"Item\":{\"jobId\":{\"S\":\"j1\"}}}";
    var sum = new CRC32();
    sum.update(body.getBytes(UTF_8));
    var right = Long.toString(sum.getValue());
    assertThat(attempts.answered(reply(200, Map.of("x-amz-crc32", "1"), body)))
        .isInstanceOf(Next.Again.class);
    assertThat(attempts.answered(reply(200, Map.of("x-amz-crc32", right), body)))
        .isEqualTo(new Next.Done<>(new Answer.Row(Optional.of(Item.of("jobId", "j1")))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"Item\":{\"jobId\":{\"S\":\"j1\"}", "<html>", "[]", "{\"Item\":7}"})
  void whatIsNoAnswerIsAskedForAgain(String body) {
    assertThat(attempts.answered(reply(200, body)))
        .isInstanceOfSatisfying(
            Next.Again.class,
            again ->
                assertThat(again.otherwise().why())
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageNotContaining("j1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RequestExpired", "InvalidSignatureException", "RequestInTheFuture"})
  void aClockThatIsFarOffIsSetRightOnce(String code) {
    assertThat(attempts.begin().instant()).isEqualTo(NOW);
    assertThat(attempts.answered(error(400, code, AN_HOUR_LATER))).isInstanceOf(Next.Again.class);
    assertThat(attempts.begin().instant()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(attempts.answered(error(400, code, AN_HOUR_LATER))).isInstanceOf(Next.Failed.class);
  }

  @Test
  void whatWasSignedBeforeTheClockWasSetRightIsTriedAgain() {
    var other = attempts();
    attempts.begin();
    other.begin();
    assertThat(other.answered(error(400, "InvalidSignatureException", AN_HOUR_LATER)))
        .isInstanceOf(Next.Again.class);
    assertThat(attempts.answered(error(400, "InvalidSignatureException", AN_HOUR_LATER)))
        .isInstanceOf(Next.Again.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {A_MINUTE_LATER, "yesterday", ""})
  void aWrongKeyIsNoWrongClock(String date) {
    attempts.begin();
    assertThat(attempts.answered(error(400, "InvalidSignatureException", date)))
        .isInstanceOf(Next.Failed.class);
    assertThat(clock.now().instant()).isEqualTo(NOW);
  }

  @Test
  void expiredCredentialsAreTriedAgainWithOthersAlone() {
    assertThat(attempts.answered(error(400, "ExpiredTokenException", null)))
        .isInstanceOfSatisfying(
            Next.Again.class, again -> assertThat(again.otherCredentials()).isTrue());
  }

  @Test
  void whileNothingSucceedsAHundredRetriesAreAll() {
    for (int i = 0; i < 100; i++) {
      assertThat(attempts().answered(reply(500, ""))).isInstanceOf(Next.Again.class);
    }
    assertThat(attempts().answered(reply(500, ""))).isInstanceOf(Next.Failed.class);
    for (int i = 0; i < 5; i++) {
      attempts().answered(reply(200, "{}"));
    }
    assertThat(attempts().answered(reply(500, ""))).isInstanceOf(Next.Again.class);
  }

  @Test
  void aRetryThatSucceedsGivesBackWhatItTook() {
    for (int i = 0; i < 100; i++) {
      attempts().answered(reply(500, ""));
    }
    var one = attempts();
    assertThat(one.answered(reply(500, ""))).isInstanceOf(Next.Failed.class);
    assertThat(one.answered(reply(200, "{}"))).isInstanceOf(Next.Done.class);
    assertThat(attempts().answered(reply(500, ""))).isInstanceOf(Next.Again.class);
  }
}

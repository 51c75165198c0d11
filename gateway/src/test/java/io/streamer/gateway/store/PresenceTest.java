package io.streamer.gateway.store;

import static io.streamer.gateway.store.Presence.AWAY_AFTER;
import static io.streamer.gateway.store.Presence.BACK_AFTER;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.InterceptorContext;
import software.amazon.awssdk.core.internal.interceptor.DefaultFailedExecutionContext;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;

class PresenceTest {
  private static final SdkRequest REQUEST = GetItemRequest.builder().build();

  private final Presence presence = new Presence(InstantSource.system());

  private void answer(int times) {
    for (int i = 0; i < times; i++) {
      presence.afterExecution(
          InterceptorContext.builder().request(REQUEST).build(), new ExecutionAttributes());
    }
  }

  private void fail(Throwable why, int times) {
    for (int i = 0; i < times; i++) {
      presence.onExecutionFailure(
          DefaultFailedExecutionContext.builder()
              .interceptorContext(InterceptorContext.builder().request(REQUEST).build())
              .exception(why)
              .build(),
          new ExecutionAttributes());
    }
  }

  private static Throwable refused(int status) {
    return DynamoDbException.builder().statusCode(status).build();
  }

  @Test
  void severalCallsInARowDecideAndNotOne() {
    var silent = SdkClientException.create("nobody there");
    fail(silent, AWAY_AFTER - 1);
    assertThat(presence.isAway()).isFalse();
    fail(silent, 1);
    assertThat(presence.isAway()).isTrue();

    answer(BACK_AFTER - 1);
    assertThat(presence.isAway()).isTrue();
    answer(1);
    assertThat(presence.isAway()).isFalse();
  }

  @Test
  void whatComesBetweenBeginsTheCountAnew() {
    var silent = ApiCallTimeoutException.create(1);
    for (int i = 0; i < 3; i++) {
      fail(silent, AWAY_AFTER - 1);
      answer(1);
    }
    assertThat(presence.isAway()).isFalse();

    fail(silent, AWAY_AFTER);
    for (int i = 0; i < 3; i++) {
      answer(BACK_AFTER - 1);
      fail(silent, 1);
    }
    assertThat(presence.isAway()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503})
  void whatFailsOnTheirSideIsNoAnswer(int status) {
    fail(refused(status), AWAY_AFTER);
    assertThat(presence.isAway()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 429})
  void whoThrottlesOrRefusesIsThere(int status) {
    fail(refused(status), 3 * AWAY_AFTER);
    fail(ConditionalCheckFailedException.builder().statusCode(400).build(), AWAY_AFTER);
    assertThat(presence.isAway()).isFalse();

    fail(
        (AwsServiceException) InternalServerErrorException.builder().statusCode(500).build(),
        AWAY_AFTER);
    fail(refused(status), BACK_AFTER);
    assertThat(presence.isAway()).isFalse();
  }
}

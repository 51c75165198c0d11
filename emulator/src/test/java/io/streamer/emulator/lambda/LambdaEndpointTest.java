package io.streamer.emulator.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.aws.LocalAws;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;

@Timeout(60)
class LambdaEndpointTest {
  private static final RequestStreamHandler ECHO = (in, out, _) -> in.transferTo(out);

  private static Vertx vertx;
  private static LambdaEndpoint endpoint;
  private static LambdaClient client;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    endpoint = LambdaEndpoint.start(vertx).await();
    client = LocalAws.lambda(endpoint.uri());
    endpoint.register("echo", ECHO);
  }

  @AfterAll
  static void stop() {
    client.close();
    endpoint.close().await();
    vertx.close().await();
  }

  @Test
  void whatTheHandlerWritesIsTheAnswer() {
    var answer = invoke("echo", InvocationType.REQUEST_RESPONSE, "{\"a\":\"ü\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.executedVersion()).isEqualTo("$LATEST");
    assertThat(answer.functionError()).isNull();
    assertThat(answer.payload().asUtf8String()).isEqualTo("{\"a\":\"ü\"}");
  }

  @Test
  void anEmptyRequestIsAnEmptyObject() {
    var answer = client.invoke(r -> r.functionName("echo"));
    assertThat(answer.payload().asUtf8String()).isEqualTo("{}");
  }

  @Test
  void theHandlerLearnsAboutItsInvocation() {
    var seen = new ArrayBlockingQueue<Context>(1);
    endpoint.register("look", (_, _, context) -> seen.add(context));
    var answer = invoke("look", InvocationType.REQUEST_RESPONSE, "null");
    var context = seen.remove();
    assertThat(context.getAwsRequestId()).isEqualTo(answer.responseMetadata().requestId());
    assertThat(UUID.fromString(context.getAwsRequestId())).hasToString(context.getAwsRequestId());
    assertThat(context.getFunctionName()).isEqualTo("look");
    assertThat(context.getInvokedFunctionArn())
        .isEqualTo("arn:aws:lambda:us-east-1:000000000000:function:look");
    assertThat(context.getFunctionVersion()).isEqualTo("$LATEST");
    assertThat(context.getMemoryLimitInMB()).isEqualTo(1024);
    assertThat(context.getRemainingTimeInMillis()).isPositive().isLessThanOrEqualTo(15 * 60 * 1000);
    context.getLogger().log("seen\n");
  }

  @Test
  void whatTheHandlerThrowsIsAFunctionError() {
    endpoint.register(
        "broken",
        (_, _, _) -> {
          throw new IllegalArgumentException("no such thing");
        });
    var answer = invoke("broken", InvocationType.REQUEST_RESPONSE, "{}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    var body = new JsonObject(answer.payload().asUtf8String());
    assertThat(body.getString("errorMessage")).isEqualTo("no such thing");
    assertThat(body.getString("errorType")).isEqualTo("java.lang.IllegalArgumentException");
    assertThat(body.getJsonArray("stackTrace").getString(0)).contains("LambdaEndpointTest");
  }

  @Test
  void anAnswerOverSixMegabytesIsAFunctionError() {
    endpoint.register("verbose", (_, out, _) -> out.write(new byte[6 * 1024 * 1024 + 1]));
    var answer = invoke("verbose", InvocationType.REQUEST_RESPONSE, "{}");
    assertThat(answer.functionError()).isEqualTo("Unhandled");
    assertThat(new JsonObject(answer.payload().asUtf8String()).getString("errorType"))
        .isEqualTo("Function.ResponseSizeTooLarge");
  }

  @Test
  void anUnknownFunctionIsNotFoundForEveryType() {
    for (var type : List.of(InvocationType.REQUEST_RESPONSE, InvocationType.EVENT)) {
      var refused =
          catchThrowableOfType(ResourceNotFoundException.class, () -> invoke("none", type, "{}"));
      assertThat(refused.statusCode()).isEqualTo(404);
      assertThat(refused.type()).isEqualTo("User");
      assertThat(refused.awsErrorDetails().errorMessage())
          .isEqualTo("Function not found: arn:aws:lambda:us-east-1:000000000000:function:none");
    }
  }

  @Test
  void sixMegabytesAreTakenAndOneByteMoreIsNot() {
    var limit = 6 * 1024 * 1024;
    assertThat(invoke("echo", InvocationType.REQUEST_RESPONSE, text(limit)).payload().asByteArray())
        .hasSize(limit);
    assertTooLarge(InvocationType.REQUEST_RESPONSE, limit + 1);
  }

  @Test
  void anEventMayHaveOneMegabyte() throws InterruptedException {
    var limit = 1024 * 1024;
    assertThat(invoke("echo", InvocationType.EVENT, text(limit)).statusCode()).isEqualTo(202);
    assertTooLarge(InvocationType.EVENT, limit + 1);
    assertThat(endpoint.awaitIdle(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void whatIsNotJsonIsRefused() {
    var refused =
        catchThrowableOfType(
            InvalidRequestContentException.class,
            () -> invoke("echo", InvocationType.REQUEST_RESPONSE, "{\"a\":"));
    assertThat(refused.statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DryRun", "Later"})
  void anUnknownInvocationTypeIsRefused(String type) {
    var refused =
        catchThrowableOfType(
            InvalidParameterValueException.class,
            () -> client.invoke(r -> r.functionName("echo").invocationType(type)));
    assertThat(refused.statusCode()).isEqualTo(400);
  }

  private static void assertTooLarge(InvocationType type, int length) {
    var refused =
        catchThrowableOfType(LambdaException.class, () -> invoke("echo", type, text(length)));
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("RequestEntityTooLargeException");
  }

  private static InvokeResponse invoke(String function, InvocationType type, String payload) {
    return client.invoke(r ->
        r.functionName(function).invocationType(type).payload(SdkBytes.fromUtf8String(payload)));
  }

  /** A JSON text of so many bytes. */
  private static String text(int bytes) {
    return "\"" + "x".repeat(bytes - 2) + "\"";
  }
}

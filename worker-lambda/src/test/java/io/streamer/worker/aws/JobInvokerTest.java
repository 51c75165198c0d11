package io.streamer.worker.aws;

import static io.streamer.testtools.FaultyService.error;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.shared.settings.AwsSettings;
import io.streamer.shared.settings.Environment;
import io.streamer.shared.settings.Transport;
import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Passing;
import io.streamer.testtools.FaultyService.Reaction;
import io.streamer.testtools.FaultyService.Reaction.Say;
import java.io.IOException;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Asynchronous invocations by either transport: the SDK's is the oracle. */
@ParameterizedClass
@EnumSource
@Timeout(120)
class JobInvokerTest {
  private static final Say TAKEN = new Say(202, "");
  private static final byte[] EVENT = "{\"jobId\":\"gr\u00fcn\",\"epoch\":1}".getBytes(UTF_8);

  @Parameter private Transport kind;

  private FaultyService lambda;
  private JobInvoker function;

  @AfterEach
  void close() throws IOException {
    function.close();
    lambda.close();
  }

  private void script(IntFunction<Reaction> script) throws IOException {
    lambda = new FaultyService(script);
    function =
        BlockingClients.jobInvoker(
            kind,
            AwsSettings.read(
                new Environment(
                    Map.of(
                        "AWS_REGION", "us-east-1",
                        "AWS_ACCESS_KEY_ID", "id",
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:" + lambda.port()))),
            "jobs:live");
  }

  @Test
  void anEventIsHandedOverToBeRunLater() throws IOException {
    script(_ -> TAKEN);
    function.invoke(EVENT);
    var asked = lambda.asked().getFirst();
    assertThat(asked.line()).startsWith("POST /2015-03-31/functions/jobs%3Alive/invocations ");
    assertThat(asked.headers()).containsEntry("x-amz-invocation-type", "Event");
    assertThat(asked.headers().get("authorization")).contains("/us-east-1/lambda/aws4_request");
    assertThat(asked.body()).isEqualTo(new String(EVENT, UTF_8));
  }

  /** An answer that says it was taken has nothing in it that is read. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_JSON")
  void whatGoesWrongOnceIsNotSeen(Passing fault) throws IOException {
    script(number -> number == 1 ? fault.reaction() : TAKEN);
    function.invoke(EVENT);
    assertThat(lambda.asked()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_JSON")
  void whatGoesOnIsToldAfterThreeTries(Passing fault) throws IOException {
    script(_ -> fault.reaction());
    assertThatThrownBy(() -> function.invoke(EVENT)).isInstanceOf(NotInvokedException.class);
    assertThat(lambda.asked()).hasSizeBetween(fault.throttles() ? 2 : 3, 3);
  }

  @Test
  void whoIsSilentOnceIsAskedAgain() throws IOException {
    script(number -> number == 1 ? new Reaction.Hang() : TAKEN);
    function.invoke(EVENT);
    assertThat(lambda.asked()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ResourceNotFoundException",
        "AccessDeniedException",
        "InvalidRequestContentException",
        "ExpiredTokenException"
      })
  void whatCanNeverWorkIsAskedOnceAndToldInLambdasWords(String type) throws IOException {
    script(_ -> error(400, type));
    assertThatThrownBy(() -> function.invoke(EVENT))
        .isInstanceOf(NotInvokedException.class)
        .hasMessageContaining("said");
    assertThat(lambda.asked()).hasSize(1);
  }

  @Test
  void aClockThatIsWrongIsSetRight() throws IOException {
    script(number ->
        number == 1
            ? error(403, "RequestExpired").with("Date: Fri, 01 May 2099 12:00:00 GMT")
            : TAKEN);
    function.invoke(EVENT);
    assertThat(lambda.asked()).hasSize(2);
  }

  @Test
  void anInterruptedInvocationSaysSoAndTheThreadStaysInterrupted() throws IOException {
    script(_ -> TAKEN);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> function.invoke(EVENT)).isInstanceOf(NotInvokedException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void connectionsAreKept() throws IOException {
    script(_ -> TAKEN);
    for (int i = 0; i < 20; i++) {
      function.invoke(EVENT);
    }
    assertThat(lambda.connections()).isOne();
  }
}

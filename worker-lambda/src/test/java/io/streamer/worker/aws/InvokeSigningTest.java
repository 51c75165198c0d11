package io.streamer.worker.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.testtools.FaultyService;
import io.streamer.testtools.FaultyService.Reaction.Say;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** What goes out, beside what the SDK's client sends. */
@Timeout(60)
class InvokeSigningTest {
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final List<AwsCredentials> CREDENTIALS =
      List.of(
          AwsBasicCredentials.create("id", "secret"),
          AwsSessionCredentials.create("id", "secret", "token"));
  private static final byte[] EVENT = "{\"jobId\":\"gr\u00fcn\"}".getBytes(UTF_8);

  /** What the signer adds by itself, and what an invocation has. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "x-amz-date",
          "x-amz-content-sha256",
          "x-amz-security-token",
          "content-type",
          "x-amz-invocation-type");

  private FaultyService lambda;

  @BeforeEach
  void start() throws IOException {
    lambda = new FaultyService(_ -> new Say(202, ""));
  }

  @AfterEach
  void stop() throws IOException {
    lambda.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jobs",
        "jobs:live",
        "jobs:$LATEST",
        "123456789012:function:jobs",
        "arn:aws:lambda:eu-west-1:123456789012:function:jobs_a-b:live"
      })
  void whatGoesOutIsSignedAsTheSdkSignsIt(String name) {
    for (var credentials : CREDENTIALS) {
      var address = URI.create("http://127.0.0.1:" + lambda.port());
      var provider = StaticCredentialsProvider.create(credentials);
      try (var sdk =
          new SdkJobInvoker(
              LambdaClient.builder()
                  .region(Region.EU_WEST_1)
                  .credentialsProvider(provider)
                  .endpointOverride(address)
                  .build(),
              name)) {
        sdk.invoke(EVENT);
      }
      var theirs = lambda.asked().getLast();
      var ours =
          new LeanJobInvoker(
              name, address, "eu-west-1", provider, Duration.ofSeconds(9), Duration.ofSeconds(9));
      ours.invoke(EVENT);
      var asked = lambda.asked().getLast();
      assertThat(asked.line()).isEqualTo(theirs.line());
      assertThat(asked.body()).isEqualTo(theirs.body());
      for (var header : List.of("content-type", "x-amz-invocation-type", "x-amz-content-sha256")) {
        assertThat(asked.headers().get(header)).isEqualTo(theirs.headers().get(header));
      }

      var authorization = String.valueOf(theirs.headers().get("authorization"));
      var further =
          Arrays.stream(signedHeaders(authorization))
              .filter(header -> !OURS.contains(header))
              .collect(Collectors.toMap(header -> header, theirs.headers()::get));
      var time = Instant.from(SIGNED.parse(theirs.headers().get("x-amz-date")));
      var same = ours.headers(EVENT, further, credentials, Clock.fixed(time, ZoneOffset.UTC));
      assertThat(same.get("Authorization")).containsExactly(authorization);
    }
  }

  private static String[] signedHeaders(String authorization) {
    return authorization.replaceFirst(".*SignedHeaders=([^,]*),.*", "$1").split(";", -1);
  }
}

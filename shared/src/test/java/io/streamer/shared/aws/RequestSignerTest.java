package io.streamer.shared.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/** Beside the SDK's own signer. */
class RequestSignerTest {
  private static final Instant TIME = Instant.parse("2026-11-30T23:59:59.999Z");
  private static final List<AwsCredentials> CREDENTIALS =
      List.of(
          AwsBasicCredentials.create("id", "secret"),
          AwsBasicCredentials.create("id", "s".repeat(100)),
          AwsSessionCredentials.create("id", "secret", "token/+="),
          AnonymousCredentialsProvider.create().resolveCredentials());

  @ParameterizedTest
  @CsvSource({
    "POST, http://127.0.0.1:8000, /, '{\"grün\":1}'",
    "POST, https://dynamodb.eu-west-1.amazonaws.com, /, {}",
    "POST, https://dynamodb.eu-west-1.amazonaws.com:443, /, {}",
    "POST, https://dynamodb.eu-west-1.amazonaws.com:8443, /, {}",
    "POST, http://localhost:80, /, {}",
    "GET, https://api.example.com, /live/@connections/a%2Fb%3D, ''",
    "DELETE, https://api.example.com, /a%20b/@connections/~_-.*, ''",
    "DELETE, https://api.example.com, /a/../b/./@connections/c:d;e, ''",
    "GET, https://api.example.com, /live/@connections/.., ''",
    "GET, https://api.example.com, /live/@connections/../, ''",
  })
  void theHeadersAreThoseOfTheSdk(String method, URI at, String path, String text) {
    var body = text.getBytes(UTF_8);
    var further = Map.of("Content-Type", "application/json", "X-Amz-Target", "Service.Operation");
    var ours = new RequestSigner("service", "eu-west-1");
    for (var credentials : CREDENTIALS) {
      for (var time : List.of(TIME, TIME.plusSeconds(1), TIME.plusSeconds(2))) {
        assertThat(ours.headers(method, at, path, further, body, credentials, time))
            .isEqualTo(theirs(method, at, path, further, body, credentials, time));
      }
    }
  }

  private static Map<String, List<String>> theirs(
      String method,
      URI at,
      String path,
      Map<String, String> further,
      byte[] body,
      AwsCredentials credentials,
      Instant time) {
    var request =
        SdkHttpRequest.builder().method(SdkHttpMethod.valueOf(method)).uri(at).encodedPath(path);
    further.forEach(request::putHeader);
    return AwsV4HttpSigner.create()
        .sign(sign ->
            sign.identity(credentials)
                .request(request.build())
                .payload(() -> new ByteArrayInputStream(body))
                .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "service")
                .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1"))
        .request()
        .headers();
  }

  @Test
  void aSecretThatIsReplacedSignsNoMore() {
    var signer = new RequestSigner("service", "eu-west-1");
    var at = URI.create("http://localhost");
    var first = AwsBasicCredentials.create("id", "one");
    var second = AwsBasicCredentials.create("id", "two");
    var before = signer.headers("GET", at, "/", Map.of(), new byte[0], first, TIME);
    assertThat(signer.headers("GET", at, "/", Map.of(), new byte[0], second, TIME))
        .isNotEqualTo(before);
    assertThat(signer.headers("GET", at, "/", Map.of(), new byte[0], first, TIME))
        .isEqualTo(before);
  }
}

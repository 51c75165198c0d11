package io.streamer.shared.aws;

import io.streamer.shared.settings.AwsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * A service that speaks AWS's JSON protocol 1.1, for the one call that is needed of it: the SDK's
 * module of such a service is megabytes. Each call blocks, and is tried once.
 */
public final class JsonService implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_BYTES = 256 * 1024;

  private final String name;
  private final String region;
  private final URI address;
  private final AwsCredentialsProvider credentials;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder().connectionTimeout(PATIENCE).socketTimeout(PATIENCE).build();

  private JsonService(String name, String region, URI address, AwsCredentialsProvider credentials) {
    this.name = name;
    this.region = region;
    this.address = address;
    this.credentials = credentials;
  }

  /**
   * A service of the region of the settings, asked with their credentials.
   *
   * @param name by which calls are signed, also the first part of its host
   * @param endpoint where it is, if not at the region's own address
   */
  public static JsonService of(String name, Optional<URI> endpoint, AwsSettings aws) {
    return in(aws.region(), name, endpoint, aws);
  }

  /** As {@link #of}, of another region. */
  public static JsonService in(
      String region, String name, Optional<URI> endpoint, AwsSettings aws) {
    var address = endpoint.orElseGet(() -> ServiceAddress.of(name, region));
    return new JsonService(name, region, address, aws.credentials());
  }

  /**
   * Asks, blocking, for a few seconds at most.
   *
   * @param target the operation, as the header X-Amz-Target has it
   * @param body of the request, as JSON
   * @return the answer's body
   * @throws IOException if there is no answer, or it is a refusal; the message has its text, which
   *     names what was refused and holds no secret
   */
  public String call(String target, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(address)
            .encodedPath("/")
            .putHeader("Content-Type", "application/x-amz-json-1.1")
            .putHeader("Content-Length", Integer.toString(bytes.length))
            .putHeader("X-Amz-Target", target)
            .build();
    try {
      var signed =
          signer.sign(sign ->
              sign.identity(credentials.resolveCredentials())
                  .request(request)
                  .payload(() -> new ByteArrayInputStream(bytes))
                  .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, name)
                  .putProperty(AwsV4HttpSigner.REGION_NAME, region));
      var answer =
          http.prepareRequest(
                  HttpExecuteRequest.builder()
                      .request(signed.request())
                      .contentStreamProvider(signed.payload().orElseThrow())
                      .build())
              .call();
      var text = "";
      if (answer.responseBody().isPresent()) {
        try (var stream = answer.responseBody().get()) {
          text = new String(stream.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
      }
      if (!answer.httpResponse().isSuccessful()) {
        throw new IOException(
            name + " answered " + answer.httpResponse().statusCode() + " " + text);
      }
      return text;
    } catch (RuntimeException e) {
      // no credentials, or an answer that is none
      throw new IOException(name + " cannot be asked: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}

package io.streamer.shared.push;

import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs calls of API Gateway's {@code @connections} API, by the SDK's own signer. */
public final class PushSigning {
  private static final String SERVICE = "execute-api";

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final String region;

  /** For the APIs of a region. */
  public PushSigning(String region) {
    this.region = region;
  }

  /**
   * The headers of a call, all but its length.
   *
   * @param time that it is where the call goes
   */
  public Map<String, List<String>> headers(
      Host host, PushCall call, AwsCredentialsIdentity credentials, Clock time) {
    return headers(host, call, Map.of(), credentials, time);
  }

  /**
   * As above.
   *
   * @param further headers that are signed too
   */
  Map<String, List<String>> headers(
      Host host,
      PushCall call,
      Map<String, String> further,
      AwsCredentialsIdentity credentials,
      Clock time) {
    var unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.valueOf(call.kind().name()))
            .uri(host.address())
            .encodedPath(call.path(host));
    if (call.kind() == PushCall.Kind.POST) {
      unsigned.putHeader("Content-Type", "application/json");
    }
    further.forEach(unsigned::putHeader);
    return signer
        .sign(sign ->
            sign.identity(credentials)
                .request(unsigned.build())
                .payload(() -> new ByteArrayInputStream(call.body()))
                .putProperty(HttpSigner.SIGNING_CLOCK, time)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region))
        .request()
        .headers();
  }
}

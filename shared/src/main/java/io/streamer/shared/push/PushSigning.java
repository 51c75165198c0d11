package io.streamer.shared.push;

import io.streamer.shared.aws.RequestSigner;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs calls of API Gateway's {@code @connections} API. */
public final class PushSigning {
  private static final String SERVICE = "execute-api";

  private final RequestSigner signer;

  /** For the APIs of a region. */
  public PushSigning(String region) {
    this.signer = new RequestSigner(SERVICE, region);
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
    var signed = new HashMap<>(further);
    if (call.kind() == PushCall.Kind.POST) {
      signed.put("Content-Type", "application/json");
    }
    return signer.headers(
        call.kind().name(),
        host.address(),
        call.path(host),
        signed,
        call.body(),
        credentials,
        time.instant());
  }
}

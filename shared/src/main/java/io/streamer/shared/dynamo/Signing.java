package io.streamer.shared.dynamo;

import io.streamer.shared.aws.HttpCall;
import io.streamer.shared.aws.RequestSigner;
import io.streamer.shared.aws.ServiceAddress;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs requests to DynamoDB. */
public final class Signing {
  private static final String SERVICE = "dynamodb";
  private static final String TARGET = "DynamoDB_20120810.";

  private final RequestSigner signer;
  private final URI address;

  /**
   * Of one region.
   *
   * @param address where requests go
   */
  public Signing(URI address, String region) {
    this.signer = new RequestSigner(SERVICE, region);
    this.address = address;
  }

  /** Where a region's DynamoDB is. */
  public static URI address(String region) {
    return ServiceAddress.of(SERVICE, region);
  }

  /**
   * A request as it goes out.
   *
   * @param time that it is where the request goes
   */
  public HttpCall call(RequestJson request, AwsCredentialsIdentity credentials, Clock time) {
    var headers =
        signer.headers(
            "POST",
            address,
            "/",
            Map.of(
                "Content-Type",
                "application/x-amz-json-1.0",
                "X-Amz-Target",
                TARGET + request.operation()),
            request.body(),
            credentials,
            time.instant());
    return new HttpCall("POST", address, "/", headers, request.body());
  }
}

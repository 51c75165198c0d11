package io.streamer.shared.dynamo;

import io.streamer.shared.aws.HttpCall;
import io.streamer.shared.aws.RequestSigner;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

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
    var suffix = PartitionMetadata.of(Region.of(region)).dnsSuffix();
    return URI.create("https://" + SERVICE + "." + region + "." + suffix);
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

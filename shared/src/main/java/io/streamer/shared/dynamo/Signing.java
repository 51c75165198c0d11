package io.streamer.shared.dynamo;

import io.streamer.shared.aws.HttpCall;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** Signs requests to DynamoDB, by the SDK's own signer. */
public final class Signing {
  private static final String SERVICE = "dynamodb";
  private static final String TARGET = "DynamoDB_20120810.";

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final URI address;
  private final String region;

  /**
   * Of one region.
   *
   * @param address where requests go
   */
  public Signing(URI address, String region) {
    this.address = address;
    this.region = region;
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
    var unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(address)
            .encodedPath("/")
            .putHeader("Content-Type", "application/x-amz-json-1.0")
            .putHeader("X-Amz-Target", TARGET + request.operation())
            .build();
    var signed =
        signer.sign(sign ->
            sign.identity(credentials)
                .request(unsigned)
                .payload(() -> new ByteArrayInputStream(request.body()))
                .putProperty(HttpSigner.SIGNING_CLOCK, time)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
    return new HttpCall("POST", address, "/", signed.request().headers(), request.body());
  }
}

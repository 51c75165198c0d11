package io.streamer.shared.aws;

import java.net.URI;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/** Where AWS's services answer. */
public final class ServiceAddress {
  private ServiceAddress() {}

  /**
   * A service's own address in a region, as AWS's partitions have it.
   *
   * @param service the first part of its host
   */
  public static URI of(String service, String region) {
    var suffix = PartitionMetadata.of(Region.of(region)).dnsSuffix();
    return URI.create("https://" + service + "." + region + "." + suffix);
  }
}

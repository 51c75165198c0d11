package io.streamer.shared.push;

import io.streamer.shared.settings.Transport;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** How calls get to whoever holds a connection, and answers back; on the caller's thread. */
public interface BlockingPushTransport extends AutoCloseable {
  /**
   * The way that a setting chooses.
   *
   * @param internalSecret sent to our own nodes, as it is at each call; empty for none
   * @param region that calls to API Gateway are signed for
   * @param credentials that they are signed with
   */
  static BlockingPushTransport of(
      Transport transport,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials) {
    return switch (transport) {
      case LEAN -> new BlockingLeanPushes(internalSecret, region, credentials);
      case SDK -> new BlockingSdkPushes(internalSecret, region, credentials);
    };
  }

  /**
   * Makes a call, within {@link Host#patience}; blocks.
   *
   * @return the answer, whatever it says
   * @throws UnansweredException if there is none
   */
  PushAnswer send(Host host, PushCall call);

  @Override
  void close();
}

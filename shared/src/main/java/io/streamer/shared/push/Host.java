package io.streamer.shared.push;

import java.net.URI;
import java.time.Duration;

/**
 * Who holds connections, and has the {@code @connections} API to them.
 *
 * @param address that the API's paths follow
 * @param node whether it is one of our nodes, which want the internal secret; API Gateway wants a
 *     signature
 */
public record Host(URI address, boolean node) {
  static final Duration OF_A_NODE = Duration.ofSeconds(1);
  static final Duration OF_AN_API = Duration.ofSeconds(5);

  /** How long a call of it may take. */
  public Duration patience() {
    return node ? OF_A_NODE : OF_AN_API;
  }
}

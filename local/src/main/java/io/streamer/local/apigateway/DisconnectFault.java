package io.streamer.local.apigateway;

/**
 * What goes wrong with {@code $disconnect}, which AWS delivers on a best-effort basis (developer
 * guide, "Manage connected users and client apps: $connect and $disconnect routes").
 *
 * @param delayMs before each delivery, in milliseconds
 * @param deliveries 0 loses it, 2 sends it twice
 */
public record DisconnectFault(long delayMs, int deliveries) {
  public static final DisconnectFault NONE = new DisconnectFault(0, 1);
  public static final DisconnectFault DROP = new DisconnectFault(0, 0);
  public static final DisconnectFault DUPLICATE = new DisconnectFault(0, 2);

  public DisconnectFault {
    if (delayMs < 0 || deliveries < 0 || deliveries > 10) {
      throw new IllegalArgumentException("a delay of 0 or more and 0 to 10 deliveries");
    }
  }

  /** Delivered once, later. */
  public static DisconnectFault delay(long millis) {
    return new DisconnectFault(millis, 1);
  }
}

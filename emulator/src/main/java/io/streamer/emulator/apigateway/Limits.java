package io.streamer.emulator.apigateway;

import java.time.Duration;

/**
 * API Gateway's quotas (developer guide, "Quotas for configuring and running a WebSocket API in API
 * Gateway") and the emulator's own bounds.
 */
public record Limits(Sizes sizes, Times times, Rates rates) {
  public static final Limits AWS = new Limits(Sizes.AWS, Times.AWS, Rates.AWS);

  /**
   * Sizes in bytes.
   *
   * @param frame of a client's frame; larger pushes are split into such frames
   * @param message of a client's message, a push and an integration's answer
   * @param clientBuffer on their way to one client before pushes are refused with 429; AWS names no
   *     number
   * @param connections open at once, a number; AWS has no such quota
   */
  public record Sizes(int frame, int message, int clientBuffer, int connections) {
    public static final Sizes AWS = new Sizes(32 * 1024, 128 * 1024, 1024 * 1024, 20_000);

    public Sizes {
      positive("frame", frame);
      positive("message", message);
      positive("clientBuffer", clientBuffer);
      positive("connections", connections);
    }
  }

  /**
   * Times.
   *
   * @param idle without a message in either direction
   * @param age of a connection
   * @param integration until a backend has answered
   */
  public record Times(Duration idle, Duration age, Duration integration) {
    public static final Times AWS =
        new Times(Duration.ofMinutes(10), Duration.ofHours(2), Duration.ofSeconds(29));

    public Times {
      positive("idle", idle.toMillis());
      positive("age", age.toMillis());
      positive("integration", integration.toMillis());
    }
  }

  /**
   * Rates of the account.
   *
   * @param requestsPerSecond handshakes, messages and {@code @connections} calls together
   * @param burst of these at once
   * @param connectionsPerSecond handshakes, and as many at once
   */
  public record Rates(int requestsPerSecond, int burst, int connectionsPerSecond) {
    public static final Rates AWS = new Rates(10_000, 5_000, 500);

    public Rates {
      positive("requestsPerSecond", requestsPerSecond);
      positive("burst", burst);
      positive("connectionsPerSecond", connectionsPerSecond);
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("the limit " + name + " must be above 0, not " + value);
    }
  }
}

package io.streamer.gateway.routing;

import java.security.SecureRandom;
import java.util.UUID;

/** Ids for requests that came without one: UUID version 7 (RFC 9562), ordered by time. */
final class RequestIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestIds() {}

  static String next(long nowMs) {
    long high = nowMs << 16 | 0x7000 | RANDOM.nextInt(0x1000);
    long low = RANDOM.nextLong() >>> 2 | 1L << 63;
    return new UUID(high, low).toString();
  }
}

package io.streamer.gateway.auth;

import io.streamer.gateway.auth.Verified.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three refusals. Why a token is invalid is told to the log alone, in words of ours. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);

  private static final Refused MISSING = new Refused(401, "missing_token", "a token is required");
  private static final Refused INVALID =
      new Refused(401, "invalid_token", "the token is not valid here");
  private static final Refused EXPIRED = new Refused(401, "expired_token", "the token has expired");

  private Refusals() {}

  static Refused missing() {
    return MISSING;
  }

  static Refused expired() {
    return EXPIRED;
  }

  static Refused invalid(String why) {
    LOG.debug("token refused: {}", why);
    return INVALID;
  }
}

package io.streamer.gateway.auth;

import io.streamer.handler.Caller;

/** What came of looking at a token. */
public sealed interface Verified {

  /**
   * The token holds.
   *
   * @param caller who it speaks for
   * @param expiresAtMs until when, in unix milliseconds: its {@code exp} and the leeway, so always
   *     later than the moment of the answer
   */
  record Granted(Caller caller, long expiresAtMs) implements Verified {}

  /**
   * The token does not hold, or there is none.
   *
   * @param status the HTTP status to answer a handshake with
   * @param code {@code missing_token}, {@code invalid_token} or {@code expired_token}
   * @param message fit for strangers: the same text for every token of that code
   */
  record Refused(int status, String code, String message) implements Verified {}
}

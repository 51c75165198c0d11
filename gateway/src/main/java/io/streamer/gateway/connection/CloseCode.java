package io.streamer.gateway.connection;

/** Why a server closes a socket (RFC 6455 section 7.4; 4000 and above are ours). */
public enum CloseCode {
  VIOLATION(1002, "not as RFC 6455 says"),
  BINARY(1003, "text frames only"),
  NOT_UTF_8(1007, "text must be UTF-8"),
  TOO_BIG(1009, "message too big"),
  RESTART(1012, "restarting, come back"),
  OVERLOADED(1013, "too slow, come back"),
  DISCONNECTED(1000, "disconnected by the server"),
  UNAUTHORIZED(4401, "token expired"),
  FORBIDDEN(4403, "not allowed"),
  SILENT(4408, "silent for two heartbeats"),
  TOO_MANY(4429, "too many messages");

  private final int number;
  private final String reason;

  CloseCode(int number, String reason) {
    this.number = number;
    this.reason = reason;
  }

  public int number() {
    return number;
  }

  public String reason() {
    return reason;
  }
}

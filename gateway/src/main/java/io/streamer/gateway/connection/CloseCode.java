package io.streamer.gateway.connection;

/** Why a server closes a socket (RFC 6455 section 7.4; 4000 and above are ours). */
public enum CloseCode {
  BINARY(1003, "text frames only"),
  TOO_BIG(1009, "message too big"),
  RESTART(1012, "restarting, come back"),
  OVERLOADED(1013, "too slow, come back"),
  DISCONNECTED(1000, "disconnected by the server"),
  TOKEN_EXPIRED(4401, "token expired"),
  SILENT(4408, "silent for two heartbeats");

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

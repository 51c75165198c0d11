package io.streamer.emulator.apigateway;

/** Why the emulator closes a socket (RFC 6455 section 7.4). */
enum ApiCloseCode {
  DELETED(1000, "Connection Closed Normally"),
  GOING_AWAY(1001, "Going away"),
  VIOLATION(1002, "Protocol violation"),
  BINARY(1003, "Binary is not supported"),
  NOT_UTF8(1007, "Text is not UTF-8"),
  TOO_BIG(1009, "Message too big");

  private final int number;
  private final String reason;

  ApiCloseCode(int number, String reason) {
    this.number = number;
    this.reason = reason;
  }

  int number() {
    return number;
  }

  String reason() {
    return reason;
  }
}

package io.streamer.emulator.apigateway;

/** The routes of a WebSocket API that has no custom ones. */
enum RouteKey {
  CONNECT("$connect", "CONNECT"),
  DEFAULT("$default", "MESSAGE"),
  DISCONNECT("$disconnect", "DISCONNECT");

  private final String key;
  private final String eventType;

  RouteKey(String key, String eventType) {
    this.key = key;
    this.eventType = eventType;
  }

  String key() {
    return key;
  }

  String eventType() {
    return eventType;
  }
}

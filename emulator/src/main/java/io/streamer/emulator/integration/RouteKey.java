package io.streamer.emulator.integration;

/** The routes of a WebSocket API that has no custom ones. */
public enum RouteKey {
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

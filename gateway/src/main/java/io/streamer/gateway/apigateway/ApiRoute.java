package io.streamer.gateway.apigateway;

/** The routes of the WebSocket API, and the paths that their integrations call by POST. */
public enum ApiRoute {
  CONNECT("$connect", "/apigateway/connect"),
  MESSAGE("$default", "/apigateway/message"),
  DISCONNECT("$disconnect", "/apigateway/disconnect");

  private final String key;
  private final String path;

  ApiRoute(String key, String path) {
    this.key = key;
    this.path = path;
  }

  /** The route key. */
  public String key() {
    return key;
  }

  /** What the integration's URL ends with; anything, such as a stage, may stand before it. */
  public String path() {
    return path;
  }
}

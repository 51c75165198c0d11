package io.streamer.gateway.http;

import io.vertx.core.json.JsonObject;

/** What an HTTP answer says that refuses. */
public final class Refusal {
  private Refusal() {}

  /**
   * The body, as JSON.
   *
   * @param code for programs, such as {@code expired_token}
   * @param message fit for strangers
   */
  public static String body(String code, String message) {
    return new JsonObject()
        .put("error", new JsonObject().put("code", code).put("message", message))
        .encode();
  }
}

package io.streamer.client.internal;

/**
 * How a connection ended, or was not let in.
 *
 * @param code 1006 without a close frame
 * @param status of a refused handshake, else 0
 * @param after milliseconds to stay away at least
 */
public record LineEnd(int code, String reason, int status, long after) {
  public static LineEnd closed(int code, String reason) {
    return new LineEnd(code, reason.isEmpty() ? "closed with " + code : reason, 0, 0);
  }

  public static LineEnd refused(int status, String body) {
    var frame = Json.frame(body);
    var error = frame == null ? Json.object() : frame.json().path("error");
    var said = error.path("code").asText() + " " + error.path("message").asText();
    return new LineEnd(
        1006, "refused with " + status + (said.equals(" ") ? "" : ": " + said.trim()), status, 0);
  }
}

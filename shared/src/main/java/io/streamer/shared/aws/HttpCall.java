package io.streamer.shared.aws;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as it goes out over HTTP. */
public final class HttpCall {
  private final String method;
  private final URI at;
  private final String path;
  private final Map<String, List<String>> headers;
  private final byte @Nullable [] body;

  /**
   * To somebody.
   *
   * @param at whose scheme, host and port are meant
   * @param path as it stands on the wire
   * @param headers all but its length; the first value of each
   * @param body not copied; null if there is none
   */
  public HttpCall(
      String method,
      URI at,
      String path,
      Map<String, List<String>> headers,
      byte @Nullable [] body) {
    this.method = method;
    this.at = at;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  public String method() {
    return method;
  }

  public URI at() {
    return at;
  }

  public String path() {
    return path;
  }

  public Map<String, List<String>> headers() {
    return headers;
  }

  public byte @Nullable [] body() {
    return body;
  }
}

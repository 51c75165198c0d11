package io.streamer.shared.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.shared.aws.HttpCall;
import java.util.List;
import java.util.Map;

/** A call of the {@code @connections} API: what is done with which connection. */
public final class PushCall {
  private static final byte[] NONE = {};
  private static final String HEX = "0123456789ABCDEF";

  private final Kind kind;
  private final String connection;
  private final byte[] frame;

  /** What is done with a connection; each has the name of its HTTP method. */
  public enum Kind {
    /** A frame is sent to it. */
    POST,
    /** It is looked at. */
    GET,
    /** It is closed. */
    DELETE
  }

  private PushCall(Kind kind, String connection, byte[] frame) {
    this.kind = kind;
    this.connection = connection;
    this.frame = frame;
  }

  /**
   * Sends it a frame.
   *
   * @param frame not copied
   */
  public static PushCall post(String connection, byte[] frame) {
    return new PushCall(Kind.POST, connection, frame);
  }

  /** Looks at it. */
  public static PushCall get(String connection) {
    return new PushCall(Kind.GET, connection, NONE);
  }

  /** Closes it. */
  public static PushCall delete(String connection) {
    return new PushCall(Kind.DELETE, connection, NONE);
  }

  public Kind kind() {
    return kind;
  }

  public String connection() {
    return connection;
  }

  /** The bytes that are sent, those of the frame; none for what sends none. */
  public byte[] body() {
    return frame;
  }

  /** The request to a host, with these headers. */
  public HttpCall to(Host host, Map<String, List<String>> headers) {
    var body = kind == Kind.POST ? frame : null;
    return new HttpCall(kind.name(), host.address(), path(host), headers, body);
  }

  /** The path of the request at that host. */
  String path(Host host) {
    var base = host.address().getRawPath();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
        + "/@connections/"
        + segment(connection);
  }

  /** One segment of a path, whatever is in it. */
  private static String segment(String text) {
    var encoded = new StringBuilder(text.length() + 8);
    for (byte one : text.getBytes(UTF_8)) {
      char c = (char) (one & 0xff);
      if (isUnreserved(c)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_.~".indexOf(c) >= 0;
  }
}

package io.streamer.gateway.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Where a key set is fetched from. */
final class KeySetUrl {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private KeySetUrl() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static URI parse(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException _) {
      throw new IllegalArgumentException("it is no URL");
    }
    var host = url.getHost();
    if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("it is no URL of a host, without user and fragment");
    }
    var secure = "https".equalsIgnoreCase(url.getScheme());
    var onThisHost = "http".equalsIgnoreCase(url.getScheme()) && LOOPBACK.matcher(host).matches();
    if (!secure && !onThisHost) {
      throw new IllegalArgumentException(
          "it must be an https URL; http is for loopback hosts alone");
    }
    return url;
  }
}

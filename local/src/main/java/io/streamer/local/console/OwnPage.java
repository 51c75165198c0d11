package io.streamer.local.console;

import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * Tells the console's own page from the other pages that a developer's browser has open: each of
 * them can send requests to loopback, and one whose name resolves to 127.0.0.1 could read the
 * answers too.
 */
final class OwnPage {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");
  private static final Set<String> PAGES = Set.of("/", ProjectPage.PATH);

  private OwnPage() {}

  /** Whether the request names loopback as its host; the page of a rebound name cannot. */
  static boolean isLocal(HttpServerRequest request) {
    var authority = request.authority();
    return authority != null && LOOPBACK.contains(authority.host());
  }

  /** Whether a browser says that another page sent this; following a link to a page is none. */
  static boolean isForeign(HttpServerRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    var origin = request.getHeader("Origin");
    boolean linked =
        PAGES.contains(request.path()) && "navigate".equals(request.getHeader("Sec-Fetch-Mode"));
    return (origin != null && !origin.equals(ownOrigin(request)))
        || (site != null && !site.equals("same-origin") && !site.equals("none") && !linked);
  }

  /** Whether a browser says that the console's own page sent this; asked after the others. */
  static boolean isProven(HttpServerRequest request) {
    return "same-origin".equals(request.getHeader("Sec-Fetch-Site"))
        || request.getHeader("Origin") != null;
  }

  private static String ownOrigin(HttpServerRequest request) {
    return "http://" + request.getHeader("Host");
  }
}

package io.streamer.gateway.apigateway;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What API Gateway is told to add to its calls: an HTTP_PROXY integration carries nothing of the
 * connection by itself (developer guide, "WebSocket API data mapping").
 */
public enum Mapping {
  CONNECTION("X-Streamer-Connection", "context.connectionId", Scope.ALL),
  CONNECTED_AT("X-Streamer-Connected-At", "context.connectedAt", Scope.ALL),
  EVENT_TYPE("X-Streamer-Event-Type", "context.eventType", Scope.ALL),
  REQUEST_ID("X-Streamer-Request-Id", "context.requestId", Scope.ALL),
  SOURCE_ADDRESS("X-Streamer-Source-Address", "context.identity.sourceIp", Scope.ALL),
  USER_AGENT("X-Streamer-User-Agent", "context.identity.userAgent", Scope.ALL),
  MESSAGE_ID("X-Streamer-Message-Id", "context.messageId", Scope.MESSAGE),
  AUTHORIZATION("X-Streamer-Authorization", "route.request.header.Authorization", Scope.CONNECT),
  PROTOCOLS("X-Streamer-Protocols", "route.request.header.Sec-WebSocket-Protocol", Scope.CONNECT),
  ORIGIN("X-Streamer-Origin", "route.request.header.Origin", Scope.CONNECT),
  QUERY_AUTHORIZATION(
      "X-Streamer-Query-Authorization", "route.request.querystring.Authorization", Scope.CONNECT),
  QUERY_TOKEN("X-Streamer-Query-Token", "route.request.querystring.token", Scope.CONNECT);

  /** Carries the secret that tells API Gateway's calls from others'. */
  public static final String SECRET_HEADER = "X-Streamer-Integration";

  /** Carries the name that the settings give the API. */
  public static final String API_HEADER = "X-Streamer-Api";

  private static final String TARGET = "integration.request.header.";

  private static final Pattern STATIC = Pattern.compile("[A-Za-z0-9._~+/=-]{1,256}");

  /** At which routes the source has a value. */
  private enum Scope {
    ALL,
    CONNECT,
    MESSAGE;

    boolean has(ApiRoute route) {
      return switch (this) {
        case ALL -> true;
        case CONNECT -> route == ApiRoute.CONNECT;
        case MESSAGE -> route == ApiRoute.MESSAGE;
      };
    }
  }

  private final String header;
  private final String source;
  private final Scope scope;

  Mapping(String header, String source, Scope scope) {
    this.header = header;
    this.source = source;
    this.scope = scope;
  }

  /** The header that arrives here; absent or empty if its source has no value. */
  public String header() {
    return header;
  }

  /** API Gateway's expression for the value, such as {@code context.connectionId}. */
  public String source() {
    return source;
  }

  /** The mappings of a route, without the two static ones. */
  public static List<Mapping> of(ApiRoute route) {
    return Arrays.stream(values()).filter(mapping -> mapping.scope.has(route)).toList();
  }

  /**
   * The {@code request_parameters} of a route's integration, as terraform and the API take them.
   *
   * @param secret one of STREAMER_INTEGRATION_SECRET
   * @param apiName a name of STREAMER_API_ENDPOINTS
   * @throws IllegalArgumentException if one of the two has characters that no static value can have
   */
  public static Map<String, String> requestParameters(
      ApiRoute route, String secret, String apiName) {
    var parameters = new LinkedHashMap<String, String>();
    of(route).forEach(mapping -> parameters.put(TARGET + mapping.header, mapping.source));
    parameters.put(TARGET + SECRET_HEADER, constant(secret));
    parameters.put(TARGET + API_HEADER, constant(apiName));
    return parameters;
  }

  /**
   * The sources that the route itself has to declare, each as not required, before its integration
   * may map them.
   */
  public static List<String> routeParameters(ApiRoute route) {
    return of(route).stream()
        .map(Mapping::source)
        .filter(source -> source.startsWith("route.request."))
        .toList();
  }

  /** Whether the value can stand in a header and between the quotes of a static value. */
  static boolean mayBeStatic(String value) {
    return STATIC.matcher(value).matches();
  }

  private static String constant(String value) {
    if (!mayBeStatic(value)) {
      throw new IllegalArgumentException(
          "a static value is 1 to 256 letters, digits and ._~+/=- (it is not shown here)");
    }
    return "'" + value + "'";
  }
}

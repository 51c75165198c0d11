package io.streamer.local.apigateway;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code context.} variables of WebSocket APIs (developer guide, "API Gateway WebSocket API
 * mapping template reference").
 */
final class ContextVariables {
  private static final DateTimeFormatter COMMON_LOG =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Set<String> NAMES =
      Set.of(
          "connectionId",
          "connectedAt",
          "domainName",
          "stage",
          "apiId",
          "eventType",
          "routeKey",
          "messageId",
          "requestId",
          "extendedRequestId",
          "requestTime",
          "requestTimeEpoch",
          "status",
          "disconnectStatusCode",
          "disconnectReason");

  private final String apiId;
  private final String stage;

  ContextVariables(String apiId, String stage) {
    this.apiId = apiId;
    this.stage = stage;
  }

  /** Whether AWS names such a variable, whether or not it has a value here. */
  static boolean isNamed(String name) {
    return NAMES.contains(name)
        || name.startsWith("identity.")
        || name.startsWith("authorizer.")
        || name.startsWith("error.");
  }

  /** The variable's value; empty if it has none in this event. */
  Optional<String> value(String name, Invocation of) {
    var peer = of.peer();
    return Optional.ofNullable(
        switch (name) {
          case "connectionId" -> peer.connectionId();
          case "connectedAt" -> Long.toString(peer.connectedAt());
          case "domainName" -> peer.domainName();
          case "stage" -> stage;
          case "apiId" -> apiId;
          case "eventType" -> of.route().eventType();
          case "routeKey" -> of.route().key();
          case "requestId", "extendedRequestId" -> of.requestId();
          case "requestTime" -> COMMON_LOG.format(Instant.ofEpochMilli(of.time()));
          case "requestTimeEpoch" -> Long.toString(of.time());
          case "identity.sourceIp" -> peer.sourceIp();
          case "identity.userAgent" -> peer.userAgent().isEmpty() ? null : peer.userAgent();
          case "messageId", "disconnectStatusCode", "disconnectReason" -> ofCause(name, of.cause());
          default -> null;
        });
  }

  private static @Nullable String ofCause(String name, Invocation.Cause cause) {
    return switch (cause) {
      case Invocation.Cause.Connect _ -> null;
      case Invocation.Cause.Message(var messageId, _) ->
          name.equals("messageId") ? messageId : null;
      case Invocation.Cause.Disconnect(var status, var reason) ->
          switch (name) {
            case "disconnectStatusCode" -> Integer.toString(status);
            case "disconnectReason" -> reason;
            default -> null;
          };
    };
  }
}

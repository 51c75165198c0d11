package io.streamer.emulator.integration;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The {@code context.} variables that are mapped here, of those of WebSocket APIs (developer guide,
 * "API Gateway WebSocket API mapping template reference").
 */
enum ContextVariable {
  CONNECTION_ID("connectionId"),
  CONNECTED_AT("connectedAt"),
  EVENT_TYPE("eventType"),
  REQUEST_ID("requestId"),
  MESSAGE_ID("messageId"),
  SOURCE_IP("identity.sourceIp"),
  USER_AGENT("identity.userAgent");

  private final String written;

  ContextVariable(String written) {
    this.written = written;
  }

  static Optional<ContextVariable> named(String name) {
    return Stream.of(values()).filter(each -> each.written.equals(name)).findFirst();
  }

  /** Its value; empty if it has none in this event. */
  Optional<String> in(Invocation invocation) {
    var peer = invocation.peer();
    return switch (this) {
      case CONNECTION_ID -> Optional.of(peer.connectionId());
      case CONNECTED_AT -> Optional.of(Long.toString(peer.connectedAt()));
      case EVENT_TYPE -> Optional.of(invocation.route().eventType());
      case REQUEST_ID -> Optional.of(invocation.requestId());
      case MESSAGE_ID ->
          invocation.cause() instanceof Invocation.Cause.Message(var id, _)
              ? Optional.of(id)
              : Optional.empty();
      case SOURCE_IP -> Optional.of(peer.sourceIp());
      case USER_AGENT -> Optional.of(peer.userAgent()).filter(agent -> !agent.isEmpty());
    };
  }
}

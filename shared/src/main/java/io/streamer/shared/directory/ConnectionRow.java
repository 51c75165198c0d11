package io.streamer.shared.directory;

import java.util.Set;

/**
 * An open connection of either door. Times are epoch milliseconds, but {@code expiresAt}.
 *
 * @param endpoint the alias under which it is pushed to: {@code node:<id>} or {@code api:<name>}
 * @param sourceAddress of the client, as the door saw it
 * @param expiresAt epoch seconds: then the row may go
 */
public record ConnectionRow(
    String id,
    String tenant,
    String user,
    Set<String> permissions,
    String endpoint,
    String sourceAddress,
    String userAgent,
    long connectedAt,
    long lastSeenAt,
    long tokenExpiresAt,
    long expiresAt) {
  public ConnectionRow {
    permissions = Set.copyOf(permissions);
  }
}

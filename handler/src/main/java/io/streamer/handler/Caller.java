package io.streamer.handler;

import java.util.Set;

/**
 * Who sent a request, as the verified token says.
 *
 * @param tenant the claim {@code tenant_id}
 * @param user the claim {@code sub}
 * @param permissions the claim {@code permissions}, empty if the token has none
 */
public record Caller(String tenant, String user, Set<String> permissions) {
  public Caller {
    permissions = Set.copyOf(permissions);
  }

  /** Whether the token carries this permission. */
  public boolean has(String permission) {
    return permissions.contains(permission);
  }
}

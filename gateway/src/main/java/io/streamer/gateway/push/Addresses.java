package io.streamer.gateway.push;

import io.vertx.core.Future;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Where the aliases lead that connections and jobs name. */
@FunctionalInterface
public interface Addresses {
  /** The address behind an alias; empty if there is none, or none any more. */
  Future<Optional<URI>> of(String alias);

  /**
   * Whether nothing was heard for long of whoever is at the address: if it cannot be reached
   * either, its connections are gone.
   */
  default Future<Boolean> silent(String alias) {
    return Future.succeededFuture(false);
  }

  /** Fixed addresses by alias, such as {@code api:main}. */
  static Addresses of(Map<String, URI> addresses) {
    var fixed = Map.copyOf(addresses);
    return alias -> Future.succeededFuture(Optional.ofNullable(fixed.get(alias)));
  }
}

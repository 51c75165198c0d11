package io.streamer.shared.push;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Where the aliases lead that connections and jobs name. */
@FunctionalInterface
public interface Endpoints {
  /** What the alias of a gateway node starts with. */
  String NODE = "node:";

  /** What the alias of a WebSocket API of API Gateway starts with. */
  String API = "api:";

  /**
   * The address whose {@code @connections} API holds the alias's connections; empty if there is
   * none, or none any more: its connections are gone.
   */
  Optional<URI> address(String alias);

  /**
   * Whether nothing was heard for long of whoever is at the address: if it cannot be reached
   * either, its connections are gone.
   */
  default boolean silent(String alias) {
    return false;
  }

  /** Fixed addresses by alias, such as {@code api:main}. */
  static Endpoints of(Map<String, URI> addresses) {
    var fixed = Map.copyOf(addresses);
    return alias -> Optional.ofNullable(fixed.get(alias));
  }

  /** These, and others for what these do not know. */
  default Endpoints or(Endpoints others) {
    var first = this;
    return new Endpoints() {
      @Override
      public Optional<URI> address(String alias) {
        return first.address(alias).or(() -> others.address(alias));
      }

      @Override
      public boolean silent(String alias) {
        return first.silent(alias) || others.silent(alias);
      }
    };
  }
}

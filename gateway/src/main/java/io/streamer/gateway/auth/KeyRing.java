package io.streamer.gateway.auth;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The keys of one issuer. */
interface KeyRing {

  /** Those that count at this moment. */
  List<SignatureKey> keys();

  /**
   * Looks for keys that are not known yet.
   *
   * @param tried the keys that did not do; others may have come since
   * @return true when there may be new ones, false if that could not be found out in time; empty if
   *     there is no looking now
   */
  Optional<Future<Boolean>> lookAgain(List<SignatureKey> tried);

  /** Keys that never change. */
  record Fixed(List<SignatureKey> keys) implements KeyRing {
    public Fixed {
      keys = List.copyOf(keys);
    }

    @Override
    public Optional<Future<Boolean>> lookAgain(List<SignatureKey> tried) {
      return Optional.empty();
    }
  }
}

package io.streamer.gateway.socket;

import io.vertx.core.Deployable;

/** A verticle that listens on a port, which several instances may share. */
public interface Listener extends Deployable {
  /**
   * The port it listens on.
   *
   * @throws IllegalStateException if it is not deployed
   */
  int actualPort();
}

package io.streamer.local.stage;

import io.vertx.core.Future;

/**
 * The gateway's own port, with nothing before it: a socket is one open file in place of the three
 * that a {@link FrontDoor} needs, and its bytes pass one process less. No socket can be cut here,
 * and no gateway replaced.
 */
final class OwnDoor implements DirectDoor {
  private final int asked;
  private volatile int taken;

  /**
   * A door.
   *
   * @param asked 0 for any free port
   */
  OwnDoor(int asked) {
    this.asked = asked;
  }

  @Override
  public int port() {
    return taken;
  }

  @Override
  public int gatewayPort() {
    return asked;
  }

  @Override
  public void to(int gatewayPort) {
    taken = gatewayPort;
  }

  @Override
  public void shut() {
    throw new IllegalStateException("a gateway that is its own door cannot be replaced");
  }

  @Override
  public int cut() {
    throw new IllegalStateException("the sockets of a gateway that is its own door are not cut");
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}

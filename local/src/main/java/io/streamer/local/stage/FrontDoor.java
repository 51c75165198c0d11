package io.streamer.local.stage;

import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Faults;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The port of the direct door, which stays while gateways come and go behind it. Passes bytes on,
 * and cuts sockets as the faults say.
 */
final class FrontDoor implements DirectDoor {
  private static final byte[] SWITCHED = "HTTP/1.1 101".getBytes(StandardCharsets.US_ASCII);
  private static final int NOBODY = 0;

  private final Faults faults;
  private final NetServer server;
  private final NetClient client;
  // whose bytes pass: taken out by whoever cuts, on any thread
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private volatile int target = NOBODY;

  private FrontDoor(Vertx vertx, int port, Faults faults) {
    this.faults = faults;
    this.client = vertx.createNetClient();
    this.server =
        vertx.createNetServer(new NetServerOptions().setHost(StageSettings.LOOPBACK).setPort(port));
  }

  /**
   * Takes the port; until {@link #to}, whoever comes is turned away.
   *
   * @param port 0 for any free one
   */
  static Future<FrontDoor> start(Vertx vertx, int port, Faults faults) {
    var door = new FrontDoor(vertx, port, faults);
    return door.server.connectHandler(door::enter).listen().map(door);
  }

  @Override
  public int port() {
    return server.actualPort();
  }

  @Override
  public int gatewayPort() {
    return 0;
  }

  @Override
  public void to(int gatewayPort) {
    target = gatewayPort;
  }

  @Override
  public void shut() {
    target = NOBODY;
    cut();
  }

  @Override
  public int cut() {
    var doomed = Set.copyOf(open);
    doomed.forEach(this::cut);
    return doomed.size();
  }

  /**
   * From here on nothing passes any more, even what the gateway says before the socket is closed.
   */
  private void cut(NetSocket near) {
    open.remove(near);
    var _ = near.close();
  }

  @Override
  public Future<Void> close() {
    return server.close().eventually(client::close);
  }

  private void enter(NetSocket near) {
    if (target == NOBODY) {
      var _ = near.close();
      return;
    }
    near.pause();
    open.add(near);
    near.closeHandler(_ -> open.remove(near));
    client
        .connect(target, StageSettings.LOOPBACK)
        .onSuccess(far -> join(near, far))
        .onFailure(_ -> near.close());
  }

  private void join(NetSocket near, NetSocket far) {
    var passage = new Passage(near, far);
    near.closeHandler(_ -> {
      open.remove(near);
      var _ = far.close();
    });
    far.closeHandler(_ -> near.close());
    // what fails closes, and closing is told above
    near.exceptionHandler(_ -> {});
    far.exceptionHandler(_ -> {});
    near.handler(bytes -> write(bytes, near, far));
    far.handler(passage::outwards);
    near.resume();
    // it may have gone while the other was connected
    if (!open.contains(near)) {
      var _ = far.close();
    }
  }

  private static void write(Buffer bytes, NetSocket from, NetSocket to) {
    to.write(bytes);
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(_ -> from.resume());
    }
  }

  /** One socket's bytes to its client. */
  private final class Passage {
    private final NetSocket near;
    private final NetSocket far;
    private boolean webSocket;

    Passage(NetSocket near, NetSocket far) {
      this.near = near;
      this.far = far;
    }

    void outwards(Buffer bytes) {
      if (!open.contains(near)) {
        return;
      }
      if (webSocket && faults.cuts(Door.DIRECT)) {
        cut(near);
        return;
      }
      // the handshake itself is not cut
      webSocket = webSocket || switches(bytes);
      write(bytes, far, near);
    }

    private static boolean switches(Buffer bytes) {
      for (int i = 0; i < SWITCHED.length; i++) {
        if (bytes.length() <= i || bytes.getByte(i) != SWITCHED[i]) {
          return false;
        }
      }
      return true;
    }
  }
}

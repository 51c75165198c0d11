package io.streamer.system;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** TCP connections to a port of this machine that can be cut, all at once, any number of times. */
final class Wire implements AutoCloseable {
  private final NetClient outwards;
  private final NetServer server;
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();

  Wire(Vertx vertx, int port) {
    outwards = vertx.createNetClient();
    server =
        vertx
            .createNetServer()
            .connectHandler(near -> {
              near.pause();
              open.add(near);
              var _ =
                  outwards
                      .connect(port, "127.0.0.1")
                      .onSuccess(far -> {
                        open.add(far);
                        var _ = near.pipeTo(far).onComplete(_ -> forget(near, far));
                        var _ = far.pipeTo(near).onComplete(_ -> forget(near, far));
                      })
                      .onFailure(_ -> near.close());
            })
            .listen(0, "127.0.0.1")
            .await();
  }

  int port() {
    return server.actualPort();
  }

  void cut() {
    open.forEach(NetSocket::close);
  }

  @Override
  public void close() {
    cut();
    Future.join(server.close(), outwards.close()).await();
  }

  private void forget(NetSocket near, NetSocket far) {
    open.remove(near);
    open.remove(far);
    var _ = near.close();
    var _ = far.close();
  }
}

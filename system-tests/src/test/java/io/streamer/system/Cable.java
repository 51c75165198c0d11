package io.streamer.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Carries TCP connections to a server until it is cut. */
final class Cable implements AutoCloseable {
  private final ServerSocket entry;
  private final URI server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  Cable(URI server) throws IOException {
    this.server = server;
    this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + entry.getLocalPort());
  }

  /** From here on every connection breaks. */
  void cut() throws IOException {
    cut = true;
    for (var socket : open) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    cut();
    entry.close();
  }

  private void accept() {
    try {
      while (true) {
        var near = entry.accept();
        open.add(near);
        if (cut) {
          near.close();
          continue;
        }
        var far = new Socket(server.getHost(), server.getPort());
        open.add(far);
        Thread.ofVirtual().start(() -> copy(near, far));
        Thread.ofVirtual().start(() -> copy(far, near));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // cut, or one side has ended
    }
  }
}

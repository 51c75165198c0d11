package io.streamer.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries TCP connections to several servers in turn. One that is taken away gets no new ones and
 * keeps what it has until it is cut, as a target group's does during its delay.
 */
final class Balancer implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  private final ServerSocket entry;
  private final List<URI> servers = new CopyOnWriteArrayList<>();
  private final Map<URI, Set<Socket>> open = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  Balancer() throws IOException {
    entry = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return entry.getLocalPort();
  }

  void add(URI server) {
    open.put(server, ConcurrentHashMap.newKeySet());
    servers.add(server);
  }

  void remove(URI server) {
    servers.remove(server);
  }

  /** How many clients have a connection to it. */
  int clients(URI server) {
    return open.get(server).size();
  }

  /** The delay is over: breaks what is still open. */
  void cut(URI server) throws IOException {
    for (var socket : open.get(server)) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    entry.close();
    for (var server : open.keySet()) {
      cut(server);
    }
  }

  private void accept() {
    try {
      while (true) {
        var near = entry.accept();
        Thread.ofVirtual().start(() -> carry(near));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void carry(Socket near) {
    var known = List.copyOf(servers);
    var server = known.get(Math.floorMod(turn.getAndIncrement(), known.size()));
    var clients = open.get(server);
    try (near;
        var far = new Socket(server.getHost(), server.getPort())) {
      clients.add(near);
      Thread.ofVirtual().start(() -> copy(far, near));
      copy(near, far);
    } catch (IOException _) {
      // nobody is there
    } finally {
      clients.remove(near);
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

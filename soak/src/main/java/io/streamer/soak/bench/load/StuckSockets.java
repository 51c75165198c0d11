package io.streamer.soak.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients on a thread of theirs that ask once a second for a long answer, stop reading all at once,
 * and ask ten times as often then, as far as they are heard. Who is closed comes back and reads.
 */
final class StuckSockets {
  /** Of each client: it asks, if it has stopped reading. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Who reads asks each so many turns. */
  private static final int TURNS = 10;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Of the client's own, so that what is not read stays with the server. */
  private static final int RECEIVE_BUFFER = 16 * 1024;

  private final URI door;
  private final String token;
  private final Question question = Question.of("large", "{}");
  private final List<Client> clients = new ArrayList<>();
  private final byte[] space = new byte[1 << 20];
  private final Thread thread = new Thread(this::run, "stuck");
  private int id;

  // counts are the thread's, and read by whoever has its lock
  private boolean over;
  private long stopped;
  private long closed;
  private long back;

  private StuckSockets(URI door, String token) {
    this.door = door;
    this.token = token;
  }

  /** One of them; between two sockets it has none. */
  private static final class Client {
    private final ByteBuffer pending = ByteBuffer.allocate(256).limit(0);
    private @Nullable LoadSocket socket;
    private int turn;
    private boolean stuck;
    private boolean cameBack;
  }

  /**
   * Has so many come, which read from now on; returns once all are there.
   *
   * @throws IOException if some have not been let in for long
   */
  static StuckSockets open(URI door, String token, int number) throws IOException {
    var all = new StuckSockets(door, token);
    for (int i = 0; i < number; i++) {
      all.clients.add(new Client());
    }
    all.thread.start();
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!all.areThere()) {
      if (System.nanoTime() > until) {
        throw new IOException("some of " + number + " sockets were turned away all the time");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return all;
  }

  private synchronized boolean areThere() {
    return clients.stream().allMatch(client -> client.socket != null);
  }

  private LoadSocket socket() throws IOException {
    var socket = LoadSocket.open(door, token);
    socket.channel().setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
    return socket;
  }

  private void run() {
    long due = System.nanoTime();
    while (turn()) {
      due += TURN_NANOS / Math.max(1, clients.size());
      while (System.nanoTime() < due) {
        readAll();
        LockSupport.parkNanos(Math.min(LOOK_NANOS, due - System.nanoTime()));
      }
    }
  }

  /** One client asks, or goes on with what was not taken of its last question, or comes back. */
  private synchronized boolean turn() {
    if (over) {
      return false;
    }
    var client = clients.get(Math.floorMod(id++, clients.size()));
    try {
      var socket = client.socket;
      if (socket == null) {
        client.socket = socket();
        return true;
      }
      if (!client.pending.hasRemaining()) {
        if (!client.stuck && client.turn++ % TURNS > 0) {
          return true;
        }
        question.write(id & 0xfffff, client.pending.clear());
        client.pending.flip();
      }
      socket.channel().write(client.pending);
    } catch (IOException _) {
      gone(client);
    }
    return true;
  }

  private synchronized void readAll() {
    for (var client : clients) {
      var socket = client.socket;
      if (socket == null || client.stuck) {
        continue;
      }
      try {
        socket.receive(
            space,
            (bytes, from, to) -> {
              if (client.cameBack && Reply.RESPONSE.is(bytes, from, to)) {
                client.cameBack = false;
                back++;
              }
            });
      } catch (IOException _) {
        gone(client);
      }
    }
  }

  private void gone(Client client) {
    var socket = client.socket;
    client.socket = null;
    client.pending.limit(0);
    if (client.stuck) {
      client.stuck = false;
      client.cameBack = true;
      closed++;
    }
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException _) {
        // it is gone
      }
    }
  }

  /** None of them reads from now on. */
  synchronized void stop() {
    clients.forEach(client -> client.stuck = client.socket != null);
    stopped = clients.stream().filter(client -> client.stuck).count();
    closed = 0;
    back = 0;
  }

  /** Whether all that stopped were closed, came back and were answered. */
  synchronized boolean areBack() {
    return back >= stopped;
  }

  /** How many stopped reading, were closed for it, and came back. */
  synchronized JsonObject said() {
    return new JsonObject()
        .put("stopped", (double) stopped)
        .put("closed", (double) closed)
        .put("back", (double) back);
  }

  void close() throws IOException, InterruptedException {
    synchronized (this) {
      over = true;
    }
    thread.join();
    for (var client : clients) {
      if (client.socket != null) {
        client.socket.close();
      }
    }
  }
}

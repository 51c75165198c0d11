package io.streamer.emulator.apigateway;

import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.integration.Timers;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;

/**
 * Notices a client that does not read: its socket's queue stays full and nothing of it leaves for a
 * while. The socket's event loop owns it.
 */
final class Stall {
  /** Without a byte taken, in milliseconds. */
  static final long PATIENCE_MS = 30_000;

  private final ServerWebSocket socket;
  private final Timers timers;
  private final Runnable cut;
  private long takenAt;
  private Timekeeper.@Nullable Timer timer;

  Stall(ServerWebSocket socket, Timers timers, Runnable cut) {
    this.socket = socket;
    this.timers = timers;
    this.cut = cut;
  }

  /** Something was written, by us or as a pong. */
  void look() {
    if (timer == null && isFull()) {
      takenAt = timers.millis();
      timer = timers.after(PATIENCE_MS, this::judge);
    }
  }

  /** Looks at a write of ours, which tells when it has left. */
  void look(Future<Void> written) {
    written.onSuccess(_ -> takenAt = timers.millis());
    look();
  }

  boolean isFull() {
    return !socket.isClosed() && socket.writeQueueFull();
  }

  void end() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void judge() {
    timer = null;
    long left = takenAt + PATIENCE_MS - timers.millis();
    if (!isFull()) {
      return;
    }
    if (left <= 0) {
      cut.run();
    } else {
      timer = timers.after(left, this::judge);
    }
  }
}

package io.streamer.gateway.connection;

import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.function.LongSupplier;

/** One client's socket: what is written to it, whether it is read, and how it ends. */
public final class Line {
  /** From a close to the cut: for what is on its way, and the other side's goodbye. */
  private static final long CUT_MS = 5_000;

  private final ServerWebSocket socket;
  private final Context context;
  private final Budget.Share share;
  private final Outbox outbox;
  private final Runnable resumed;

  // told at once to all threads: nothing is begun for it any more
  private volatile boolean closing;

  // of the event loop
  private boolean busy;
  private boolean unwritable;
  private boolean read = true;
  private boolean left;
  private long cut = -1;

  /**
   * An open line.
   *
   * @param resumed is run when the socket is read again
   */
  Line(
      ServerWebSocket socket,
      Context context,
      Budget.Share share,
      Runnable resumed,
      LongSupplier nanoTime) {
    this.socket = socket;
    this.context = context;
    this.share = share;
    this.outbox = new Outbox(socket, share, nanoTime, () -> close(CloseCode.OVERLOADED));
    this.resumed = resumed;
  }

  Outbox outbox() {
    return outbox;
  }

  /** Whether what comes is read. On the socket's event loop. */
  boolean isRead() {
    return read;
  }

  /**
   * Closes the connection, on any thread: at once nothing is begun for it any more, what waits
   * already is still sent, and in seconds it is over, whatever the client does.
   */
  public void close(CloseCode code) {
    closing = true;
    context.runOnContext(_ -> {
      if (!left) {
        leave();
        var _ = socket.close((short) code.number(), code.reason());
      }
    });
  }

  /** Whether it is over for this connection, or about to be. */
  public boolean isClosing() {
    return closing;
  }

  /** The client has said goodbye: nothing more is written. On the socket's event loop. */
  public void left() {
    closing = true;
    if (!left) {
      leave();
    }
  }

  private void leave() {
    left = true;
    outbox.shut();
    share.end();
    // what the client still sends is dropped, up to its goodbye
    look();
    // a goodbye waits behind all that the client does not read
    cut = context.owner().setTimer(CUT_MS, _ -> cut());
  }

  /** Ends the connection without a word. On any thread. */
  void cut() {
    closing = true;
    var _ = ((WebSocketInternal) socket).channelHandlerContext().close();
  }

  /** The connection has ended. On the socket's event loop. */
  public void ended() {
    closing = true;
    left = true;
    outbox.shut();
    share.end();
    if (cut >= 0) {
      context.owner().cancelTimer(cut);
    }
  }

  /** So much of what came in is kept, or no longer. On the socket's event loop. */
  public void keeps(long bytes) {
    share.add(bytes);
  }

  /** Bytes that are kept for this connection. */
  long kept() {
    return share.kept();
  }

  /** Too much is under way for this connection, or no longer. On the socket's event loop. */
  public void busy(boolean now) {
    busy = now;
    look();
  }

  /** The client leaves unread what it was sent, or no longer. On the socket's event loop. */
  public void unwritable(boolean now) {
    unwritable = now;
    look();
  }

  /** Reads the socket or leaves what comes with the client's side, as all this says. */
  private void look() {
    boolean now = left || !(busy || unwritable);
    if (now == read) {
      return;
    }
    read = now;
    if (now) {
      // its signs of life were not read either
      resumed.run();
      socket.resume();
    } else {
      socket.pause();
    }
  }
}

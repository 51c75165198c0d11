package io.streamer.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.streamer.gateway.loop.Every;
import io.streamer.gateway.loop.HandOver;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's socket: what comes in, what is written to it, whether it is read, and how it ends.
 * From the handshake on nothing of the HTTP server is left on the channel: four fifths of what an
 * idle connection needs would be its queues and the request. Where nothing else is said, the
 * socket's event loop owns it.
 */
public final class Line {
  /** From a close to the cut: for what is on its way, and the other side's goodbye. */
  private static final long CUT_MS = 5_000;

  /** The handler that makes frames of what the client sends; what is behind it gets frames. */
  public static final String DECODER = "decoder";

  private final ContextInternal context;
  private final Channel channel;
  private final Budget.Share share;
  private final SendQueue outbox;
  private final Runnable resumed;
  private @Nullable Receiver receiver;

  // told at once to all threads: nothing is begun for it any more
  private volatile boolean closing;

  // of the event loop
  private boolean busy;
  private boolean unwritable;
  private boolean read = true;
  private boolean left;
  private boolean ended;
  private long cut = -1;

  /** Who takes what the client sends. On the socket's event loop. */
  public interface Receiver {
    /** Takes a frame, which is good until this returns; the goodbye is none of its business. */
    void take(WebSocketFrame frame);

    /** What was left with the client's side, or with the decoder, is to be read. */
    void resumed();

    /** The socket breaks off. */
    void failed(Throwable why);

    /** The connection has ended; once. */
    void ended();
  }

  /**
   * A line that is open once somebody {@link #serve serves} it.
   *
   * @param channel of a connection whose handshake is being done
   * @param resumed is run when the socket is read again
   */
  Line(
      Channel channel,
      ContextInternal context,
      Budget.Share share,
      Runnable resumed,
      LongSupplier nanoTime) {
    this.context = context;
    this.share = share;
    this.resumed = resumed;
    this.channel = channel;
    this.outbox = new SendQueue(channel, share, nanoTime, () -> close(CloseCode.OVERLOADED));
  }

  /**
   * Has somebody take what the client sends.
   *
   * @param decoder makes frames of it; frames are written as the bytes they are
   * @param handshake answers the handshake and leaves the channel's pipeline
   */
  public void serve(ChannelHandler decoder, Receiver by, Runnable handshake) {
    receiver = by;
    channel.pipeline().addLast(DECODER, decoder).addLast("frames", new Frames(by));
    handshake.run();
    // whoever had it before may have left it unread, for what came behind the handshake
    channel.config().setAutoRead(true);
    if (!channel.isActive()) {
      // it broke off a moment ago, and nobody will be told
      ended();
    }
  }

  /** Of the socket's channel. */
  public Channel channel() {
    return channel;
  }

  SendQueue outbox() {
    return outbox;
  }

  /** Whether what comes is read. On the socket's event loop. */
  public boolean isRead() {
    return read;
  }

  /**
   * Closes the connection, on any thread: at once nothing is begun for it any more, what waits
   * already is still sent, and in seconds it is over, whatever the client does.
   */
  public void close(CloseCode code) {
    closing = true;
    HandOver.to(
        context,
        () -> {
          if (!left) {
            leave();
            outbox.goodbye(code.number(), code.reason());
          }
        });
  }

  /** Whether it is over for this connection, or about to be. */
  public boolean isClosing() {
    return closing;
  }

  /** The client has said goodbye: it is answered, and nothing else is written. */
  private void left(CloseWebSocketFrame goodbye) {
    closing = true;
    if (!left) {
      leave();
      outbox.goodbye(goodbye.statusCode(), goodbye.reasonText());
    }
    outbox.endOnceSent();
  }

  private void leave() {
    left = true;
    outbox.shut();
    // what the client still sends is dropped, up to its goodbye
    look();
    // a goodbye waits behind all that the client does not read
    cut = context.owner().setTimer(CUT_MS, _ -> cut());
  }

  /** Ends the connection without a word. On any thread. */
  void cut() {
    closing = true;
    var _ = channel.close();
  }

  /** The connection has ended. */
  private void ended() {
    if (ended) {
      return;
    }
    ended = true;
    closing = true;
    left = true;
    if (cut >= 0) {
      context.owner().cancelTimer(cut);
    }
    Every.step(
        outbox::shut, outbox::drop, share::end, receiver == null ? () -> {} : receiver::ended);
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

  /** Reads the socket or leaves what comes with the client's side, as all this says. */
  private void look() {
    boolean now = left || !(busy || unwritable);
    if (now == read) {
      return;
    }
    read = now;
    channel.config().setAutoRead(now);
    if (now) {
      // its signs of life were not read either
      resumed.run();
      if (receiver != null) {
        receiver.resumed();
      }
    }
  }

  /** The end of the channel's pipeline, on the session's context. */
  private final class Frames extends ChannelInboundHandlerAdapter {
    private final Receiver to;

    Frames(Receiver to) {
      this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object what) {
      try {
        switch (what) {
          case CloseWebSocketFrame goodbye -> context.dispatch(goodbye, Line.this::left);
          case WebSocketFrame frame -> context.dispatch(frame, this::take);
          default -> {
            // of the handshake's request: its end
          }
        }
      } finally {
        ReferenceCountUtil.release(what);
      }
    }

    private void take(WebSocketFrame frame) {
      if (frame instanceof PingWebSocketFrame) {
        outbox.pong(frame.content());
      }
      to.take(frame);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      boolean room = channel.isWritable();
      context.dispatch(
          room,
          _ -> {
            if (room) {
              outbox.room();
            }
            unwritable = !channel.isWritable();
            look();
          });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable why) {
      context.dispatch(why, to::failed);
      cut();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ShutdownEvent) {
        // 1012 is sent by the drain, which then ends the socket; this is a server that only closes
        close(CloseCode.RESTART);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      context.dispatch(_ -> ended());
    }
  }
}

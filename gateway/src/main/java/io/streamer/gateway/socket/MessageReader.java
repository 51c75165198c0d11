package io.streamer.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.streamer.gateway.connection.CloseCode;
import io.streamer.gateway.connection.Line;
import io.streamer.gateway.connection.SocketSession;
import io.streamer.gateway.http.Strangers;
import io.streamer.gateway.loop.Every;
import io.streamer.gateway.loop.HandOver;
import io.streamer.gateway.routing.Router;
import io.streamer.shared.protocol.Utf8;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one client sends: puts messages together, hands them to the router, and bounds how
 * much of it there may be. On the socket's event loop.
 */
final class MessageReader implements Line.Receiver {
  private final SocketSession session;
  private final Line line;
  private final Router router;
  private final Strangers strangers;
  private final Runnable over;
  private final FrameDecoder decoder;
  private final int maxMessageBytes;
  private final UnderWay underWay;
  private final Throttle throttle;
  private @Nullable Buffer message;
  private int begun;

  private MessageReader(
      SocketSession session,
      Router router,
      Limits limits,
      UnderWay underWay,
      Strangers strangers,
      Runnable over) {
    this.session = session;
    this.line = session.line();
    this.router = router;
    this.strangers = strangers;
    this.over = over;
    this.maxMessageBytes = limits.messageBytes();
    this.underWay = underWay;
    this.throttle = new Throttle(limits.messageRate(), System.nanoTime());
    this.decoder = new FrameDecoder(this, maxMessageBytes);
  }

  /**
   * Takes what a session's client sends.
   *
   * @param handshake answers the handshake
   * @param over is run when the connection has ended
   */
  static void serve(
      SocketSession session,
      Router router,
      Limits limits,
      UnderWay underWay,
      Strangers strangers,
      Runnable handshake,
      Runnable over) {
    var inbox = new MessageReader(session, router, limits, underWay, strangers, over);
    inbox.line.serve(inbox.decoder, inbox, handshake);
  }

  /**
   * Bounds of what one client may send.
   *
   * @param messageRate frames of any kind a second
   */
  record Limits(int messageBytes, int messageRate) {}

  /** A frame has come in; whether anybody will look at it. */
  boolean admits(WebSocketFrame frame) {
    if (session.isClosing()) {
      // the goodbye alone still matters
      return frame instanceof CloseWebSocketFrame;
    }
    if (!throttle.allows(System.nanoTime())) {
      session.close(CloseCode.TOO_MANY);
      return false;
    }
    if (frame instanceof PingWebSocketFrame || frame instanceof PongWebSocketFrame) {
      session.heard();
    } else {
      session.seen();
    }
    return true;
  }

  /** So many bytes are kept for what has come of a frame that is not whole. */
  void begun(int bytes) {
    if (bytes != begun) {
      line.keeps(bytes - begun);
      begun = bytes;
    }
  }

  /** Whether what comes is to be looked at by now. */
  boolean isRead() {
    return line.isRead();
  }

  @Override
  public void resumed() {
    decoder.readOn();
  }

  @Override
  public void failed(Throwable why) {
    strangers.failed("a socket broke off", why);
  }

  @Override
  public void ended() {
    Every.step(this::drop, underWay::end, session::ended, () -> router.ended(session), over);
  }

  /** What came in is no WebSocket any more. */
  void violated(WebSocketCloseStatus why) {
    session.close(
        switch (why.code()) {
          case 1007 -> CloseCode.NOT_UTF_8;
          case 1009 -> CloseCode.TOO_BIG;
          default -> CloseCode.VIOLATION;
        });
    // behind the close frame: the client's own would not be understood
    HandOver.to(session.context(), this::saidAll);
  }

  private void saidAll() {
    var channel = line.channel();
    if (channel.isWritable()) {
      var _ =
          channel
              .writeAndFlush(Unpooled.EMPTY_BUFFER)
              .addListener(_ -> {
                var _ = ((DuplexChannel) channel).shutdownOutput();
              });
    }
  }

  @Override
  public void take(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame || frame instanceof PongWebSocketFrame) {
      return;
    }
    if (session.isClosing() || session.expire()) {
      drop();
    } else if (frame instanceof BinaryWebSocketFrame) {
      close(CloseCode.BINARY);
    } else {
      append(frame.content(), frame.isFinalFragment());
    }
  }

  private void append(ByteBuf data, boolean last) {
    int before = message == null ? 0 : message.length();
    int length = data.readableBytes();
    if (before + length > maxMessageBytes) {
      close(CloseCode.TOO_BIG);
      return;
    }
    if (last && message == null) {
      whole(ByteBufUtil.getBytes(data));
      return;
    }
    message = (message == null ? Buffer.buffer() : message).appendBytes(ByteBufUtil.getBytes(data));
    line.keeps(length);
    if (last) {
      var bytes = message.getBytes();
      drop();
      whole(bytes);
    }
  }

  private void whole(byte[] message) {
    if (Utf8.isValid(message)) {
      handle(message);
    } else {
      close(CloseCode.NOT_UTF_8);
    }
  }

  private void handle(byte[] bytes) {
    if (underWay.begins(bytes.length)) {
      line.busy(true);
    }
    boolean waits = false;
    try {
      var handled = router.handle(session, bytes);
      waits = !handled.isComplete();
      if (waits) {
        handled.onComplete(_ -> handled(bytes.length));
      }
    } finally {
      if (!waits) {
        handled(bytes.length);
      }
    }
  }

  private void handled(int length) {
    if (underWay.ends(length)) {
      line.busy(false);
    }
  }

  private void close(CloseCode code) {
    drop();
    session.close(code);
  }

  private void drop() {
    if (message != null) {
      line.keeps(-message.length());
      message = null;
    }
  }
}

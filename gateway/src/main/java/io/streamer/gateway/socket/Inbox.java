package io.streamer.gateway.socket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.streamer.gateway.connection.CloseCode;
import io.streamer.gateway.connection.SocketSession;
import io.streamer.gateway.routing.Router;
import io.streamer.shared.protocol.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one client sends: puts messages together, hands them to the router, and bounds how
 * much of it there may be. On the socket's event loop.
 */
final class Inbox {
  private final SocketSession session;
  private final Channel channel;
  private final Router router;
  private final int maxMessageBytes;
  private final UnderWay underWay;
  private final Throttle throttle;
  private @Nullable Buffer message;
  private int begun;

  Inbox(SocketSession session, Channel channel, Router router, Limits limits, UnderWay underWay) {
    this.session = session;
    this.channel = channel;
    this.router = router;
    this.maxMessageBytes = limits.messageBytes();
    this.underWay = underWay;
    this.throttle = new Throttle(limits.messageRate(), System.nanoTime());
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
    if (frame instanceof CloseWebSocketFrame) {
      session.line().left();
    }
    session.line().keeps(frame.content().readableBytes());
    return true;
  }

  /** So many bytes have come of a frame that is not whole. */
  void begun(int bytes) {
    if (bytes != begun) {
      session.line().keeps(bytes - begun);
      begun = bytes;
    }
  }

  /** The client leaves unread what it was sent, or no longer. */
  void unwritable(boolean now) {
    session.line().unwritable(now);
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
    session.context().runOnContext(_ -> saidAll());
  }

  private void saidAll() {
    if (channel.isWritable()) {
      var _ =
          channel
              .writeAndFlush(Unpooled.EMPTY_BUFFER)
              .addListener(_ -> {
                var _ = ((DuplexChannel) channel).shutdownOutput();
              });
    }
  }

  /** Takes a frame whose turn has come. */
  void take(io.vertx.core.http.WebSocketFrame frame) {
    if (frame.isClose()) {
      return;
    }
    var data = frame.binaryData();
    session.line().keeps(-data.length());
    if (!(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    if (session.isClosing() || session.expire()) {
      drop();
    } else if (frame.isBinary()) {
      close(CloseCode.BINARY);
    } else {
      append(data, frame.isFinal());
    }
  }

  private void append(Buffer data, boolean last) {
    int before = message == null ? 0 : message.length();
    if (before + data.length() > maxMessageBytes) {
      close(CloseCode.TOO_BIG);
      return;
    }
    if (!last) {
      message = (message == null ? Buffer.buffer() : message).appendBuffer(data);
      session.line().keeps(data.length());
      return;
    }
    var whole = bytes(message == null ? data : message.appendBuffer(data));
    session.line().keeps(-before);
    message = null;
    if (Utf8.isValid(whole)) {
      handle(whole);
    } else {
      close(CloseCode.NOT_UTF_8);
    }
  }

  /** Its own array where that is all there is in it: nobody writes there any more. */
  private static byte[] bytes(Buffer data) {
    var bytes = ((BufferInternal) data).getByteBuf();
    return bytes.hasArray()
            && bytes.arrayOffset() == 0
            && bytes.readerIndex() == 0
            && bytes.array().length == bytes.readableBytes()
        ? bytes.array()
        : data.getBytes();
  }

  private void handle(byte[] bytes) {
    if (underWay.begins(bytes.length)) {
      session.line().busy(true);
    }
    var handled = router.handle(session, bytes);
    if (handled.isComplete()) {
      handled(bytes.length);
    } else {
      handled.onComplete(_ -> handled(bytes.length));
    }
  }

  private void handled(int length) {
    if (underWay.ends(length)) {
      session.line().busy(false);
    }
  }

  private void close(CloseCode code) {
    drop();
    session.close(code);
  }

  private void drop() {
    if (message != null) {
      session.line().keeps(-message.length());
      message = null;
    }
  }
}

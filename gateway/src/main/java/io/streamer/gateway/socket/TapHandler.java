package io.streamer.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Shows a {@link Tap} one socket's messages: behind the decoder, where what comes is frames and
 * what leaves is bytes of whole frames. What passes is the same with it as without. While the tap
 * is closed it keeps nothing; one message that is not whole yet is kept otherwise, up to the limit
 * of messages. On the socket's event loop.
 */
final class TapHandler extends ChannelDuplexHandler {
  private static final int FINAL = 0x80;
  private static final int FINAL_TEXT = 0x81;
  private static final int LENGTH = 0x7F;
  private static final int SHORT = 126;
  private static final int LONG = 127;
  private static final int LEAST_HEAD = 2;

  private final Tap tap;
  private final String connection;
  private final int maxMessageBytes;
  private @Nullable Buffer begun;

  TapHandler(Tap tap, String connection, int maxMessageBytes) {
    this.tap = tap;
    this.connection = connection;
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object what) throws Exception {
    if (!tap.isOpen()) {
      begun = null;
    } else if (what instanceof WebSocketFrame frame) {
      came(frame);
    }
    super.channelRead(ctx, what);
  }

  private void came(WebSocketFrame frame) {
    switch (frame) {
      case TextWebSocketFrame text when text.isFinalFragment() ->
          tap.passed(connection, true, ByteBufUtil.getBytes(text.content()));
      case TextWebSocketFrame text -> begun = Buffer.buffer(ByteBufUtil.getBytes(text.content()));
      case ContinuationWebSocketFrame more when begun != null -> append(begun, more);
      default -> {
        // a control frame between two parts, or what is no text
      }
    }
  }

  private void append(Buffer message, ContinuationWebSocketFrame more) {
    if (message.length() + more.content().readableBytes() > maxMessageBytes) {
      // the socket is about to be closed for it
      begun = null;
      return;
    }
    message.appendBytes(ByteBufUtil.getBytes(more.content()));
    if (more.isFinalFragment()) {
      begun = null;
      tap.passed(connection, true, message.getBytes());
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object what, ChannelPromise promise)
      throws Exception {
    if (what instanceof ByteBuf bytes && tap.isOpen()) {
      leaves(bytes);
    }
    super.write(ctx, what, promise);
  }

  private void leaves(ByteBuf frames) {
    int at = frames.readerIndex();
    while (frames.writerIndex() - at >= LEAST_HEAD) {
      int head = frames.getUnsignedByte(at);
      if ((head & FINAL) == 0) {
        // no message of ours is sent in parts: this is the handshake's answer
        return;
      }
      int length = frames.getByte(at + 1) & LENGTH;
      at += LEAST_HEAD;
      if (length == SHORT) {
        length = frames.getUnsignedShort(at);
        at += Short.BYTES;
      } else if (length == LONG) {
        length = (int) frames.getLong(at);
        at += Long.BYTES;
      }
      if (head == FINAL_TEXT) {
        tap.passed(connection, false, ByteBufUtil.getBytes(frames, at, length));
      }
      at += length;
    }
  }
}

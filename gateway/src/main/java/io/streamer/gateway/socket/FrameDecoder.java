package io.streamer.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.streamer.shared.protocol.Utf8;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one socket's frames. While the socket is not read it makes none of what has come already:
 * as they came they take least room.
 */
final class FrameDecoder extends WebSocket13FrameDecoder {
  private final MessageReader inbox;
  private @Nullable ChannelHandlerContext here;

  FrameDecoder(MessageReader inbox, int maxFrameBytes) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .allowExtensions(false)
            .maxFramePayloadLength(maxFrameBytes)
            .closeOnProtocolViolation(false)
            .build());
    this.inbox = inbox;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    here = ctx;
    super.handlerAdded(ctx);
  }

  /** Reads on, in a moment: whoever says so may have been called from here. */
  void readOn() {
    var ctx = Objects.requireNonNull(here);
    ctx.channel()
        .eventLoop()
        .execute(() -> {
          if (!ctx.isRemoved()) {
            // decodes what is left of the last read
            ctx.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
            ctx.pipeline().fireChannelReadComplete();
          }
        });
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    try {
      if (!inbox.isRead()) {
        // it is kept as it came, and the socket is not read
        return;
      }
      super.decode(ctx, in, out);
    } catch (CorruptedWebSocketFrameException e) {
      // from here on it skips whatever comes
      inbox.violated(e.closeStatus());
      return;
    }
    if (!out.isEmpty()) {
      var frame = (WebSocketFrame) out.getLast();
      if (!inbox.admits(frame)) {
        out.removeLast();
        frame.release();
      }
    }
  }

  /** Netty's own lets codes above 4999 pass, and a reason that ends within a character. */
  @Override
  protected void checkCloseFrameBody(ChannelHandlerContext ctx, ByteBuf body) {
    // from the goodbye on, the decoder skips whatever comes
    if (!body.isReadable()) {
      return;
    }
    if (body.readableBytes() < Short.BYTES
        || !mayBeSent(body.getUnsignedShort(body.readerIndex()))) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.PROTOCOL_ERROR, "no close code that may be sent");
    }
    if (!Utf8.isValid(
        ByteBufUtil.getBytes(
            body, body.readerIndex() + Short.BYTES, body.readableBytes() - Short.BYTES))) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a close reason that is not UTF-8");
    }
  }

  /**
   * As RFC 6455 section 7.4 and the registry that it founds have it; 3000 to 4999 are anybody's.
   */
  private static boolean mayBeSent(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    // what a frame's first byte stands in is kept with it
    inbox.begun(actualReadableBytes() == 0 ? 0 : internalBuffer().capacity());
    if (inbox.isRead()) {
      super.channelReadComplete(ctx);
    } else {
      // the decoder's own would ask for more, as it has made no frame of what there is
      discardSomeReadBytes();
      ctx.fireChannelReadComplete();
    }
  }
}

package io.streamer.gateway.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/**
 * Reads one socket's frames, in place of Vert.x's own decoder: Vert.x answers each ping and keeps
 * each frame of a socket that is not read before anybody else sees them.
 */
final class FrameDecoder extends WebSocket13FrameDecoder {
  private final Inbox inbox;

  FrameDecoder(Inbox inbox, int maxFrameBytes) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .allowExtensions(false)
            .maxFramePayloadLength(maxFrameBytes)
            .closeOnProtocolViolation(false)
            .build());
    this.inbox = inbox;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    try {
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

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    inbox.begun(actualReadableBytes());
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    inbox.unwritable(!ctx.channel().isWritable());
    super.channelWritabilityChanged(ctx);
  }
}

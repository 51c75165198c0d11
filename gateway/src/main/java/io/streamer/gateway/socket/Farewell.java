package io.streamer.gateway.socket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.streamer.gateway.auth.Verified;
import io.streamer.gateway.connection.CloseCode;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.protocol.Problem;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A socket that opens to say why it does not: one error, one close frame. It has no session and no
 * place; what its client sends is dropped, and within seconds it is gone.
 */
final class Farewell extends ChannelInboundHandlerAdapter {
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int SHORT = 126;
  private static final int FORBIDDEN = 403;

  private Farewell() {}

  /** On the connection's event loop. */
  static void say(Verified.Refused why, HttpServerRequest request) {
    var channel = Upgrade.channel(request);
    channel.pipeline().addLast("farewell", new Farewell());
    Upgrade.accept(request, channel);
    channel.config().setAutoRead(true);
    var left =
        channel.eventLoop().schedule(() -> close(channel), patience(), TimeUnit.MILLISECONDS);
    var _ = channel.closeFuture().addListener(_ -> left.cancel(false));
    var _ =
        channel
            .writeAndFlush(frames(why))
            .addListener(_ -> {
              // a close would take back what the client has not read yet
              var _ = ((DuplexChannel) channel).shutdownOutput();
            });
  }

  private static long patience() {
    return Visits.TO_LEAVE.toMillis();
  }

  private static void close(Channel channel) {
    var _ = channel.close();
  }

  private static ByteBuf frames(Verified.Refused why) {
    boolean forbidden = why.status() == FORBIDDEN;
    var problem =
        Problem.of(forbidden ? ErrorCode.FORBIDDEN : ErrorCode.UNAUTHORIZED, why.message())
            .with("reason", why.code().toUpperCase(Locale.ROOT));
    var error =
        WireCodec.write(ServerFrame.ErrorFrame.of(null, problem), System.currentTimeMillis());
    var code = forbidden ? CloseCode.FORBIDDEN : CloseCode.UNAUTHORIZED;
    var reason = why.message().getBytes(UTF_8);
    var frames = Unpooled.buffer();
    frames.writeByte(TEXT);
    if (error.length < SHORT) {
      frames.writeByte(error.length);
    } else {
      frames.writeByte(SHORT).writeShort(error.length);
    }
    frames.writeBytes(error);
    frames
        .writeByte(CLOSE)
        .writeByte(Short.BYTES + reason.length)
        .writeShort(code.number())
        .writeBytes(reason);
    return frames;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object what) {
    ReferenceCountUtil.release(what);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    close(context.channel());
  }
}

package io.streamer.gateway.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a request to become a socket comes to (RFC 6455 section 4.2.2): the answer, and a channel on
 * which nothing of HTTP is left. On the connection's event loop.
 */
final class Upgrade {
  /** RFC 6455 section 1.3. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final String PROTOCOL = "streamer.v1";

  private Upgrade() {}

  /** The channel of a request. */
  static Channel channel(HttpServerRequest request) {
    return ((ConnectionBase) request.connection()).channelHandlerContext().channel();
  }

  /** Answers the request, and leaves to HTTP nothing of what comes behind it. */
  static void accept(HttpServerRequest request, Channel channel) {
    var answer =
        new StringBuilder(192)
            .append("HTTP/1.1 101 Switching Protocols\r\n")
            .append("Upgrade: websocket\r\n")
            .append("Connection: Upgrade\r\n")
            .append("Sec-WebSocket-Accept: ")
            .append(accepts(request.getHeader("Sec-WebSocket-Key")))
            .append("\r\n");
    protocol(request.headers().getAll("Sec-WebSocket-Protocol"))
        .ifPresent(
            chosen -> answer.append("Sec-WebSocket-Protocol: ").append(chosen).append("\r\n"));
    answer.append("\r\n");
    var bytes = answer.toString().getBytes(US_ASCII);
    leave(channel.pipeline());
    var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
  }

  /** Whether the client knows our subprotocol, and so our frames and close codes. */
  static boolean speaksOurs(HttpServerRequest request) {
    return protocol(request.headers().getAll("Sec-WebSocket-Protocol")).isPresent();
  }

  /** The decoder goes last: what it has read beyond the request is for those behind it. */
  private static void leave(ChannelPipeline pipeline) {
    var names = pipeline.names();
    var http = names.subList(0, names.indexOf("handler") + 1);
    for (var name : http.reversed()) {
      ChannelHandler handler = pipeline.get(name);
      // one that Netty has taken away itself, or the head, has none
      if (handler != null) {
        pipeline.remove(handler);
      }
    }
  }

  /** Of the subprotocols that a client offers, in whichever lines, the one that is spoken here. */
  private static Optional<String> protocol(List<String> offers) {
    return offers.stream()
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .map(String::strip)
        .filter(PROTOCOL::equals)
        .findFirst();
  }

  private static String accepts(String key) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}

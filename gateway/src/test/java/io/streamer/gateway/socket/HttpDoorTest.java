package io.streamer.gateway.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.streamer.gateway.http.Strangers;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A port that clients come to. */
@Timeout(60)
class HttpDoorTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** Whom a load balancer forgot, or a network, is found by the kernel. */
  @Test
  void theKernelAsksWhetherTheOtherEndIsThere() throws Exception {
    var kept = new CompletableFuture<Boolean>();
    var door =
        new HttpDoor(
            "127.0.0.1",
            0,
            request -> {
              var channel =
                  ((ConnectionBase) request.connection()).channelHandlerContext().channel();
              kept.complete(channel.config().getOption(ChannelOption.SO_KEEPALIVE));
              request.response().end();
            },
            new Strangers(LoggerFactory.getLogger(HttpDoorTest.class), InstantSource.system()));
    vertx.deployVerticle(door).await();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.actualPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      assertThat(kept.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void howeverMuchSomebodySendsItIsReadInSmallPieces() throws Exception {
    var next = new CompletableFuture<Integer>();
    var door =
        new HttpDoor(
            "127.0.0.1",
            0,
            request ->
                request
                    .body()
                    .onSuccess(_ -> {
                      var channel =
                          ((ConnectionBase) request.connection()).channelHandlerContext().channel();
                      var read =
                          channel.unsafe().recvBufAllocHandle().allocate(ByteBufAllocator.DEFAULT);
                      next.complete(read.capacity());
                      read.release();
                    }),
            new Strangers(LoggerFactory.getLogger(HttpDoorTest.class), InstantSource.system()));
    vertx.deployVerticle(door).await();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), door.actualPort())) {
      var out = socket.getOutputStream();
      int length = 4 * 1024 * 1024;
      out.write(
          ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n")
              .getBytes(US_ASCII));
      out.write(new byte[length]);
      out.flush();
      assertThat(next.get(30, TimeUnit.SECONDS)).isLessThanOrEqualTo(8 * 1024);
    }
  }
}

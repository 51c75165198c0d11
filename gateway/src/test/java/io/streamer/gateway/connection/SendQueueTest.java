package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.streamer.gateway.connection.SocketSession.Delivery;
import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.testtools.Until;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves together comes as it was written, one frame behind the other. */
@Timeout(60)
class SendQueueTest {
  private final Vertx vertx = Vertx.vertx();
  private final Sockets sockets = Sockets.of(vertx);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private static ServerFrame response(int number, int length) {
    return new ServerFrame.Response(
        "r-" + number, RawJson.of("{\"text\":\"" + "x".repeat(length) + "\"}"));
  }

  /** Around the lengths at which a frame's head, and at which a batch, changes. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 24, 25, 26, 27, 28, 16_200, 16_300, 65_435, 65_436, 65_437, 120_000})
  void aFrameOfAnyLengthStandsBetweenItsNeighbours(int length) {
    var client = sockets.open();
    var session = client.session();
    session
        .context()
        .runOnContext(_ -> {
          session.send(response(1, 3));
          session.send(response(2, length));
          session.send(response(3, 3));
        });
    for (int number = 1; number <= 3; number++) {
      var frame = new JsonObject(client.next());
      assertThat(frame.getString("request_id")).isEqualTo("r-" + number);
      assertThat(frame.getJsonObject("data").getString("text")).hasSize(number == 2 ? length : 3);
    }
  }

  @Test
  void manyInOneGoComeInTheirOrder() {
    var client = sockets.open();
    var session = client.session();
    session
        .context()
        .runOnContext(_ ->
            IntStream.range(0, 1_000).forEach(number -> session.send(response(number, number))));
    for (int number = 0; number < 1_000; number++) {
      assertThat(new JsonObject(client.next()).getString("request_id")).isEqualTo("r-" + number);
    }
    assertThat(kept(session)).isZero();
  }

  /** Behind what its event loop already has to note. */
  private static long kept(SocketSession session) {
    var kept = Promise.<Long>promise();
    session.context().runOnContext(_ -> kept.complete(session.line().kept()));
    return kept.future().await();
  }

  /** Some leave at once, the others wait in the socket: none overtakes. */
  @Test
  void aClientThatReadsLateHasThemInTheirOrder() {
    var client = sockets.open();
    var session = client.session();
    client.pause();
    int sent = 0;
    while (kept(session) < 900_000) {
      assertThat(session.deliver(news(sent)).await()).isEqualTo(Delivery.DELIVERED);
      sent++;
    }
    sendOnceThereIsRoom(session, response(7, 7));
    client.resume();
    for (int number = 0; number < sent; number++) {
      assertThat(new JsonObject(client.next()).getInteger("n")).isEqualTo(number);
    }
    assertThat(new JsonObject(client.next()).getString("request_id")).isEqualTo("r-7");
  }

  /** What is sent makes room at once, while the next frame is about to wait for it. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 10", "3, 1", "3, 10", "40, 40"})
  void whatBeginsToWaitAsRoomAppearsIsSent(int before, int behind) {
    var client = sockets.open();
    var session = client.session();
    session
        .context()
        .runOnContext(_ -> {
          var channel = session.line().channel();
          channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
          IntStream.range(0, before).forEach(n -> session.send(response(n, 5)));
          // goes with the next flush, and fills the channel until then
          var _ = channel.write(text("x".repeat(120)));
          assertThat(channel.isWritable()).isFalse();
          IntStream.range(before, before + behind).forEach(n -> session.send(response(n, 5)));
        });
    assertThat(client.next()).isEqualTo("x".repeat(120));
    for (int number = 0; number < before + behind; number++) {
      assertThat(new JsonObject(client.next()).getString("request_id")).isEqualTo("r-" + number);
    }
    assertThat(kept(session)).isZero();
  }

  /** What is sent at once is told of at once, while the next frame has no place yet. */
  @ParameterizedTest
  @CsvSource({"9000, 9000", "16000, 1000", "1, 16383", "9000, 70000"})
  void whatIsWrittenOnceAFrameHasLeftIsBehindTheOneThatMadeItLeave(int first, int second) {
    var client = sockets.open();
    var session = client.session();
    session
        .context()
        .runOnContext(_ -> {
          var outbox = session.line().outbox();
          outbox.write(words("a", first)).onSuccess(_ -> outbox.send(words("c", 1)));
          outbox.send(words("b", second));
        });
    assertThat(client.next()).startsWith("a");
    assertThat(client.next()).startsWith("b");
    assertThat(client.next()).startsWith("c");
  }

  @Test
  void soItIsIfTheChannelWasFull() {
    var client = sockets.open();
    var session = client.session();
    session
        .context()
        .runOnContext(_ -> {
          var channel = session.line().channel();
          var outbox = session.line().outbox();
          channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
          outbox.write(words("a", 1)).onSuccess(_ -> outbox.send(words("c", 1)));
          var _ = channel.write(text("x".repeat(120)));
          outbox.send(words("b", 1));
        });
    assertThat(client.next()).startsWith("x");
    assertThat(client.next()).startsWith("a");
    assertThat(client.next()).startsWith("b");
    assertThat(client.next()).startsWith("c");
  }

  private static byte[] words(String word, int times) {
    return word.repeat(times).getBytes(UTF_8);
  }

  /** A short one, as it goes over the wire. */
  private static ByteBuf text(String text) {
    var bytes = text.getBytes(UTF_8);
    return Unpooled.buffer().writeByte(0x81).writeByte(bytes.length).writeBytes(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void ofAJobsProgressTheNewestAloneIsKeptForAClientThatDoesNotRead(int jobs) {
    var client = sockets.open();
    var session = client.session();
    client.pause();
    int sent = 0;
    while (kept(session) < 500_000) {
      assertThat(session.deliver(news(sent)).await()).isEqualTo(Delivery.DELIVERED);
      sent++;
    }
    long before = kept(session);
    session
        .context()
        .runOnContext(_ -> {
          for (int i = 1; i <= 10_000; i++) {
            for (int job = 0; job < jobs; job++) {
              session.send(progress("job-" + job, i));
            }
          }
        });
    assertThat(kept(session)).isLessThan(before + jobs * 1_000L);
    assertThat(session.isClosing()).isFalse();
    client.resume();
    for (int number = 0; number < sent; number++) {
      assertThat(new JsonObject(client.next()).getInteger("n")).isEqualTo(number);
    }
    for (int job = 0; job < jobs; job++) {
      var newest = new JsonObject(client.next());
      assertThat(newest.getString("job_id")).isEqualTo("job-" + job);
      assertThat(newest.getLong("seq")).isEqualTo(1_000_010_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void progressThatWasKeptGoesBeforeTheEndOfItsJob(int reports) {
    var client = sockets.open();
    var session = client.session();
    client.pause();
    int sent = 0;
    while (kept(session) < 500_000) {
      assertThat(session.deliver(news(sent++)).await()).isEqualTo(Delivery.DELIVERED);
    }
    var end =
        new ServerFrame.Complete(
            "r", "job-0", 1_000_000_099L, new ServerFrame.Result.At("https://x.test"), Map.of());
    session
        .context()
        .runOnContext(_ -> {
          IntStream.rangeClosed(1, reports).forEach(n -> session.send(progress("job-0", n)));
          session.send(end);
        });
    client.resume();
    for (int number = 0; number < sent; number++) {
      client.next();
    }
    assertThat(new JsonObject(client.next()).getLong("seq")).isEqualTo(1_000_000_000L + reports);
    assertThat(new JsonObject(client.next()).getString("type")).isEqualTo("complete");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 200_000})
  void progressOfTooManyJobsCutsAClientOffThatDoesNotRead(int more) {
    var client = sockets.open();
    var session = client.session();
    client.pause();
    int sent = 0;
    while (kept(session) < 200_000 + more) {
      assertThat(session.deliver(news(sent++)).await()).isEqualTo(Delivery.DELIVERED);
    }
    session
        .context()
        .runOnContext(
            _ -> IntStream.range(0, 5_000).forEach(job -> session.send(progress("job-" + job, 1))));
    Until.holds("it is closed", session::isClosing);
    client.resume();
    assertThat(client.closeCode()).isEqualTo(CloseCode.OVERLOADED.number());
  }

  private static ServerFrame progress(String jobId, int n) {
    return new ServerFrame.Progress("r", jobId, 1_000_000_000L + n, 50, "at " + n, 1, Map.of());
  }

  /** Before the socket itself learns that there is room, as the door does. */
  private static void sendOnceThereIsRoom(SocketSession session, ServerFrame frame) {
    var pipeline = session.line().channel().pipeline();
    var room =
        new ChannelInboundHandlerAdapter() {
          private boolean sent;

          @Override
          public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
            if (ctx.channel().isWritable() && !sent) {
              sent = true;
              session.send(frame);
            }
            super.channelWritabilityChanged(ctx);
          }
        };
    pipeline.addBefore("frames", "room", room);
  }

  private static byte[] news(int number) {
    return "{\"type\":\"news\",\"n\":%d,\"text\":\"%s\"}"
        .formatted(number, "x".repeat(20_000))
        .getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10})
  void whatIsWrittenBeforeItIsClosedIsStillSent(int frames) {
    var client = sockets.open();
    var session = client.session();
    session
        .context()
        .runOnContext(_ -> {
          // its turn comes behind these
          session.close(CloseCode.RESTART);
          IntStream.range(0, frames).forEach(number -> session.send(response(number, 5)));
        });
    for (int number = 0; number < frames; number++) {
      assertThat(new JsonObject(client.next()).getString("request_id")).isEqualTo("r-" + number);
    }
    assertThat(client.closeCode()).isEqualTo(CloseCode.RESTART.number());
  }

  /** For want of memory: the client comes back for it, and has nothing that was behind it. */
  @ParameterizedTest
  @ValueSource(ints = {5, 20_000})
  void aClientComesBackForAFrameThatCannotBeWritten(int length) {
    var client = sockets.open();
    var session = client.session();
    var failed = Promise.<Throwable>promise();
    session
        .context()
        .runOnContext(_ -> {
          var channel = session.line().channel();
          var memory = channel.alloc();
          session.send(response(1, 3));
          session.line().outbox().flush();
          channel.config().setAllocator(new Scarce());
          try {
            session.send(response(2, length));
            failed.complete(null);
          } catch (OutOfMemoryError e) {
            failed.complete(e);
          }
          channel.config().setAllocator(memory);
          session.send(response(3, 3));
        });
    assertThat(failed.future().await()).as("it had room").isNotNull();
    assertThat(new JsonObject(client.next()).getString("request_id")).isEqualTo("r-1");
    assertThat(client.closeCode()).isEqualTo(CloseCode.OVERLOADED.number());
    assertThat(client.left()).isZero();
    assertThat(kept(session)).isZero();
  }

  /** Nor has it what waited with the frame, and whoever waited for that is told. */
  @Test
  void soItIsIfTheFrameWaitedForRoom() {
    var client = sockets.open();
    var session = client.session();
    var told = Promise.<Void>promise();
    session
        .context()
        .runOnContext(_ -> {
          var channel = session.line().channel();
          channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
          var _ = channel.write(text("x".repeat(120)));
          session.send(response(1, 20_000));
          session.line().outbox().write(words("b", 3)).onComplete(told);
          var memory = channel.alloc();
          channel.config().setAllocator(new Scarce());
          channel.flush();
          channel.config().setAllocator(memory);
        });
    assertThat(client.next()).isEqualTo("x".repeat(120));
    assertThat(told.future().transform(Future::succeededFuture).await().failed()).isTrue();
    assertThat(client.closeCode()).isEqualTo(CloseCode.OVERLOADED.number());
    assertThat(client.left()).isZero();
    assertThat(kept(session)).isZero();
  }

  /** Has nothing left. */
  private static final class Scarce extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int first, int most) {
      throw new OutOfMemoryError("as if");
    }

    @Override
    protected ByteBuf newDirectBuffer(int first, int most) {
      throw new OutOfMemoryError("as if");
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  /** Others of its event loop have theirs, then and later. */
  @Test
  void aQueueThatCannotSendKeepsNobodyElseFromIt() {
    var client = sockets.open();
    var session = client.session();
    var lost = Promise.<Void>promise();
    var kept = Promise.<Long>promise();
    session
        .context()
        .runOnContext(_ -> {
          var share = sockets.registry().budget().share();
          var broken =
              new SendQueue(broken(session.line().channel()), share, System::nanoTime, () -> {});
          broken.write(words("a", 3)).onComplete(lost);
          session.send(response(1, 3));
          session
              .context()
              .runOnContext(_ -> {
                kept.complete(share.kept());
                session.send(response(2, 3));
              });
        });
    assertThat(new JsonObject(client.next()).getString("request_id")).isEqualTo("r-1");
    assertThat(new JsonObject(client.next()).getString("request_id")).isEqualTo("r-2");
    assertThat(lost.future().transform(Future::succeededFuture).await().failed()).isTrue();
    assertThat(kept.future().await()).isZero();
  }

  private static Channel broken(Channel real) {
    return (Channel)
        Proxy.newProxyInstance(
            Channel.class.getClassLoader(),
            new Class<?>[] {Channel.class},
            (_, method, given) -> {
              if (method.getName().equals("writeAndFlush")) {
                throw new OutOfMemoryError("as if");
              }
              return method.invoke(real, given);
            });
  }

  /** Of those who wait for what has left, none takes the others' news away. */
  @Test
  void whoFailsAtTheNewsThatItHasLeftFailsAlone() {
    var client = sockets.open();
    var session = client.session();
    var told = Promise.<Void>promise();
    session
        .context()
        .runOnContext(_ -> {
          var outbox = session.line().outbox();
          outbox
              .write(words("a", 3))
              .onSuccess(_ -> {
                throw new AssertionError("as if");
              });
          outbox.write(words("b", 3)).onComplete(told);
        });
    told.future().await();
    assertThat(kept(session)).isZero();
  }

  /** What was taken for it is given back all the same. */
  @Test
  void whoFailsAtTheNewsThatItIsLostLosesNothingElse() {
    var client = sockets.open();
    var session = client.session();
    client.pause();
    session
        .context()
        .runOnContext(_ -> {
          var outbox = session.line().outbox();
          while (session.line().channel().isWritable()) {
            outbox.send(words("a", 10_000));
            outbox.flush();
          }
          outbox
              .write(words("b", 3))
              .onFailure(_ -> {
                throw new AssertionError("as if");
              });
          session.line().cut();
        });
    Until.holds("its session is gone", () -> sockets.registry().size() == 0);
  }
}

package io.streamer.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.connection.Registry;
import io.streamer.gateway.connection.Session.Turn;
import io.streamer.gateway.connection.Sockets;
import io.streamer.gateway.http.Strangers;
import io.streamer.testtools.Until;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a client's messages take is given back, whatever fails. */
@Timeout(60)
class MessageReaderTest {
  private final Vertx vertx = Vertx.vertx();
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private final Promise<Void> over = Promise.promise();
  private final Sockets sockets =
      Sockets.of(
          vertx,
          new Registry(),
          session ->
              MessageReader.serve(
                  session,
                  // fails at all it is asked for
                  null,
                  new MessageReader.Limits(1_000, 1_000),
                  // a message that is not answered has the socket left unread
                  new UnderWay(new UnderWay.Total(1)),
                  new Strangers(
                      LoggerFactory.getLogger(MessageReaderTest.class), InstantSource.system()),
                  () -> {},
                  over::complete));

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aSocketIsReadOnBehindAMessageThatCouldNotBeHandled() {
    vertx.exceptionHandler(thrown::add);
    var client = sockets.open();
    for (int sent = 1; sent <= 3; sent++) {
      client.send("{}");
      int times = sent;
      Until.holds("it has failed " + times + " times", () -> thrown.size() == times);
    }
    assertThat(client.session().line().isRead()).isTrue();
  }

  @Test
  void anEndGivesAllBackThoughSomebodyFailsAtIt() {
    vertx.exceptionHandler(thrown::add);
    var client = sockets.open();
    var session = client.session();
    session
        .context()
        .runOnContext(_ -> {
          session.inTurn(Turn.HELLO, () -> Promise.<Void>promise().future());
          session
              .inTurn(Turn.HELLO, () -> Promise.<Void>promise().future())
              .onSuccess(_ -> {
                throw new AssertionError("as if");
              });
        });
    client.leave();
    over.future().await();
    Until.holds("it is told", () -> !thrown.isEmpty());
    assertThat(thrown.peek()).hasMessage("as if");
  }
}

package io.streamer.gateway.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.connection.SocketSession.Delivery;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames from outside for a client that does not read: their senders have others to serve. */
@Timeout(60)
class SlowReaderTest {
  private static final String NUMBERED =
      "{\"type\":\"%s\",\"request_id\":\"r\",\"job_id\":\"j\",\"seq\":%d,\"payload\":\"%s\"}";
  private static final String FILLING = "x".repeat(100_000);

  private final Vertx vertx = Vertx.vertx();
  private final Sockets sockets = Sockets.of(vertx);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"event", "progress", "news"})
  void whoSendsToItWaitsForNobodyUntilItIsCutOff(String type) {
    var client = sockets.open();
    client.pause();
    var session = client.session();
    for (int seq = 1; ; seq++) {
      var frame =
          type.equals("news")
              ? "{\"type\":\"news\",\"payload\":\"" + FILLING + "\"}"
              : NUMBERED.formatted(seq % 2 == 0 ? "event" : type, seq, FILLING);
      var delivery = session.deliver(frame.getBytes(UTF_8)).timeout(20, TimeUnit.SECONDS).await();
      if (delivery == Delivery.GONE) {
        break;
      }
      assertThat(delivery).isEqualTo(Delivery.DELIVERED);
      assertThat(seq).as("it is never cut off").isLessThan(1_000);
    }
    client.resume();
    assertThat(client.closeCode()).isEqualTo(CloseCode.OVERLOADED.number());
  }

  @Test
  void whoHasLeftIsGone() {
    var client = sockets.open();
    client.leave();
    for (var frame : new String[] {"{\"type\":\"news\"}", NUMBERED.formatted("event", 1, "")}) {
      assertThat(
              client.session().deliver(frame.getBytes(UTF_8)).timeout(20, TimeUnit.SECONDS).await())
          .isEqualTo(Delivery.GONE);
    }
  }
}

package io.streamer.emulator.apigateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.apigateway.Backend.Answer;
import io.streamer.emulator.apigateway.RawSocket.Closed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large, how long and of which kind. */
class LimitsTest {
  private static final int FRAME = 32 * 1024;
  private static final int MESSAGE = 128 * 1024;

  @Test
  void aBinaryFrameCloses1003() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      open.socket().send(true, RawSocket.BINARY, new byte[] {1});
      assertThat(open.socket().readClose().code()).isEqualTo(1003);
      assertThat(edge.backend.next().header("eventType")).isEqualTo("DISCONNECT");
    }
  }

  @Test
  void aFrameOf32KilobytesPasses() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      open.socket().text("x".repeat(FRAME));
      assertThat(edge.backend.next().body()).hasSize(FRAME);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {FRAME + 1, MESSAGE, 700_000, 1_000_000})
  void aLargerFrameCloses1009(int length) throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      open.socket().text("x".repeat(length));
      assertThat(open.socket().readClose().code()).isEqualTo(1009);
      assertThat(edge.backend.next().header("eventType")).isEqualTo("DISCONNECT");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {MESSAGE - 1, MESSAGE})
  void aMessageOf128KilobytesPassesInFragments(int length) throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      sendInFrames(open.socket(), length);
      assertThat(edge.backend.next().body()).hasSize(length);
    }
  }

  @Test
  void aMessageOfOneByteMoreCloses1009() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      sendInFrames(open.socket(), MESSAGE + 1);
      assertThat(open.socket().readClose().code()).isEqualTo(1009);
      assertThat(edge.backend.next().header("eventType")).isEqualTo("DISCONNECT");
    }
  }

  @Test
  void fragmentsMaySplitACharacterAndLetAPingThrough() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      var euro = "€".getBytes(StandardCharsets.UTF_8);
      open.socket().send(false, RawSocket.TEXT, new byte[] {euro[0]});
      open.socket().send(true, RawSocket.PING, new byte[] {7});
      open.socket().send(true, RawSocket.CONTINUATION, new byte[] {euro[1], euro[2]});
      var pong = open.socket().frame();
      assertThat(pong.opcode()).isEqualTo(RawSocket.PONG);
      assertThat(pong.payload().getBytes()).containsExactly(7);
      assertThat(edge.backend.next().body()).isEqualTo("€");
    }
  }

  @Test
  void textThatIsNotUtf8Closes1007() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      open.socket().send(true, RawSocket.TEXT, new byte[] {(byte) 0xff});
      assertThat(open.socket().readClose().code()).isEqualTo(1007);
    }
  }

  @Test
  void tenMinutesWithoutAMessageClose1001() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.clock.advance(Duration.ofMinutes(10).minusMillis(1));
      assertThat(edge.aws.getConnection(r -> r.connectionId(open.id()))).isNotNull();
      edge.clock.advance(Duration.ofMillis(1));
      assertThat(open.socket().readClose()).isEqualTo(new Closed(1001, "Going away"));
      assertThat(edge.backend.next().header("eventType")).isEqualTo("DISCONNECT");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"message", "push", "answer"})
  void aMessageInEitherDirectionStartsTheTenMinutesAnew(String kind) throws Exception {
    // a call under way must not be out of time when the clock is turned
    var times = new Limits.Times(Duration.ofMinutes(10), Duration.ofHours(2), Duration.ofHours(3));
    try (var edge = Emulated.limited(new Limits(Limits.Sizes.AWS, times, Limits.Rates.AWS));
        var open = edge.open()) {
      edge.clock.advance(Duration.ofMinutes(9));
      switch (kind) {
        case "message" -> {
          open.socket().text("a");
          edge.backend.next();
          // an empty answer is an empty message
          assertThat(open.socket().read()).isEmpty();
        }
        case "push" -> {
          edge.aws.postToConnection(r -> r.connectionId(open.id()).data(Bytes.of("p")));
          open.socket().read();
        }
        default -> {
          edge.backend.behave(_ -> Answer.of(200, "answer"));
          open.socket().text("a");
          open.socket().read();
        }
      }
      edge.clock.advance(Duration.ofMinutes(9));
      assertThat(edge.aws.getConnection(r -> r.connectionId(open.id()))).isNotNull();
      edge.clock.advance(Duration.ofMinutes(1));
      assertThat(open.socket().readClose()).isEqualTo(new Closed(1001, "Going away"));
    }
  }

  @Test
  void aPingDoesNotKeepAConnection() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.clock.advance(Duration.ofMinutes(9));
      open.socket().awaitPong();
      edge.clock.advance(Duration.ofMinutes(1));
      assertThat(open.socket().readClose()).isEqualTo(new Closed(1001, "Going away"));
    }
  }

  @Test
  void twoHoursCloseTheBusiestConnection() throws Exception {
    try (var edge = Emulated.start();
        var open = edge.open()) {
      edge.backend.behave(_ -> Answer.of(200, "so am I"));
      for (int minutes = 0; minutes < 120; minutes += 5) {
        open.socket().text("still here");
        assertThat(open.socket().read()).isEqualTo("so am I");
        edge.clock.advance(Duration.ofMinutes(5));
      }
      assertThat(open.socket().readClose()).isEqualTo(new Closed(1001, "Going away"));
    }
  }

  private static void sendInFrames(RawSocket socket, int length) throws Exception {
    for (int sent = 0; sent < length; sent += FRAME) {
      int size = Math.min(FRAME, length - sent);
      int opcode = sent == 0 ? RawSocket.TEXT : RawSocket.CONTINUATION;
      socket.send(sent + size == length, opcode, "x".repeat(size).getBytes(StandardCharsets.UTF_8));
    }
  }
}

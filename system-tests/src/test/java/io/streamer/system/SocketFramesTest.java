package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames as they stand on the wire of the direct door. */
@ExtendWith(LocalStage.class)
@Timeout(60)
class SocketFramesTest {
  private static final int LAST = 0x80;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;

  /** More than may be under way, and more than one read takes. */
  private static final int MANY = 5_000;

  private static URI door(Stage stage) {
    return URI.create("ws://127.0.0.1:" + stage.gateway().port() + "/ws");
  }

  /**
   * Sent in one go, or by somebody who answers pings besides: what is left unread is read later.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatComesInOneGoIsAnsweredOnceEach(boolean pings) throws IOException {
    try (var stage = LocalStage.start(Map.of("STREAMER_MAX_MESSAGE_RATE", "1000000"));
        var socket = new RawSocket(door(stage), Tokens.fresh())) {
      var all = new ByteArrayOutputStream();
      for (int i = 0; i < MANY; i++) {
        put(all, LAST | TEXT, "{\"id\":\"%d\",\"action\":\"echo\"}".formatted(i).getBytes(UTF_8));
        if (pings) {
          put(all, LAST | PING, new byte[0]);
        }
      }
      socket.bytes(all.toByteArray());
      var answered = new ArrayList<Integer>();
      while (answered.size() < MANY) {
        answered.add(Integer.valueOf(new JsonObject(socket.text()).getString("request_id")));
      }
      assertThat(answered)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, MANY).boxed().toList());
    }
  }

  /** In one packet with it, or in more than one read takes. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, MANY})
  void whatComesWithTheHandshakeIsAnswered(int requests) throws IOException {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < requests; i++) {
      put(all, LAST | TEXT, "{\"id\":\"%d\",\"action\":\"echo\"}".formatted(i).getBytes(UTF_8));
    }
    var stage = LocalStage.stage();
    try (var socket = new RawSocket(door(stage), Tokens.fresh(), all.toByteArray())) {
      for (int i = 0; i < requests; i++) {
        assertThat(new JsonObject(socket.text()).containsKey("request_id")).isTrue();
      }
    }
  }

  private static void put(ByteArrayOutputStream all, int first, byte[] payload) {
    // a mask of zeros leaves the payload as it is
    all.writeBytes(new byte[] {(byte) first, (byte) (0x80 | payload.length), 0, 0, 0, 0});
    all.writeBytes(payload);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125})
  void aPingIsAnsweredWithWhatItSaid(int length) throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      var said = "p".repeat(length).getBytes(UTF_8);
      socket.frame(LAST | PING, said);
      assertThat(socket.pong()).isEqualTo(said);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000,''",
    "1001,gone",
    "1003,''",
    "1007,''",
    "1011,''",
    "1014,''",
    "3000,''",
    "4000,for a reason of its own",
    "4999,''"
  })
  void aGoodbyeIsAnsweredWithItsCode(short code, String reason) throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      var text = reason.getBytes(UTF_8);
      socket.frame(
          LAST | CLOSE,
          ByteBuffer.allocate(Short.BYTES + text.length).putShort(code).put(text).array());
      assertThat(socket.closeCode()).isEqualTo(code);
      // and then the server ends it
      assertThat(socket.closeCode()).isEqualTo(1006);
    }
  }

  /** The edges of all that RFC 6455 (7.4) says is not to be sent, and of what no short has. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999, 5000, 32_767, 32_768, 65_535
      })
  void aGoodbyeWithACodeThatMustNotBeSentIsAViolation(int code) throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      socket.frame(LAST | CLOSE, (byte) (code >> 8), (byte) code);
      assertThat(socket.closeCode()).isEqualTo(1002);
      assertThat(socket.closeCode()).isEqualTo(1006);
    }
  }

  @Test
  void aGoodbyeOfHalfACodeIsAViolation() throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      socket.frame(LAST | CLOSE, (byte) 3);
      assertThat(socket.closeCode()).isEqualTo(1002);
    }
  }

  /** Cut short, a byte that begins nothing, and half of a pair. */
  @ParameterizedTest
  @ValueSource(strings = {"e282", "ff", "eda080"})
  void aGoodbyeWhoseReasonIsNotUtf8IsAnsweredSo(String reason) throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      socket.frame(LAST | CLOSE, HexFormat.of().parseHex("03e8" + reason));
      assertThat(socket.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void aGoodbyeWithoutACodeEndsTheConnection() throws IOException {
    try (var socket = new RawSocket(door(LocalStage.stage()), Tokens.fresh())) {
      socket.frame(LAST | CLOSE);
      assertThat(socket.closeCode()).isEqualTo(1006);
    }
  }
}

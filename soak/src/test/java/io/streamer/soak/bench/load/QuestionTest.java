package io.streamer.soak.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "7, 30", "1048575, 40", "12345678, 5000"})
  void whatIsWrittenIsAFrameOfTheRequest(int id, int size) {
    var payload = "\"" + "x".repeat(size) + "\"";
    var bytes = ByteBuffer.allocate(16_384);
    // behind another one
    Question.of("other", "1").write(1, bytes);
    int other = bytes.position();
    Question.of("echo", payload).write(id, bytes);
    bytes.flip().position(other);

    var request = decoded(bytes);
    assertThat(request.getString("action")).isEqualTo("echo");
    assertThat(request.getString("id")).isEqualTo("%08d".formatted(id));
    assertThat(request.getString("payload")).hasSize(size);
  }

  @Test
  void aStatusHasAnIdOfItsOwnAndThatOfTheRequestItAsksAbout() {
    var bytes = ByteBuffer.allocate(1_024);
    Question.status().write(87_654_321, 12, bytes);

    assertThat(decoded(bytes.flip()))
        .isEqualTo(
            new JsonObject()
                .put("type", "status")
                .put("id", "87654321")
                .put("request_id", "00000012"));
  }

  private static JsonObject decoded(ByteBuffer bytes) {
    var decoder = new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 65_536));
    decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
    TextWebSocketFrame frame = decoder.readInbound();
    try {
      return new JsonObject(frame.text());
    } finally {
      frame.release();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"response\",\"timestamp\":1.5,\"request_id\":\"00123456\",\"data\":1}",
        "{\"action\":\"echo\",\"id\":\"00123456\",\"payload\":1}"
      })
  void theIdIsFoundInAnswersAndInEchoes(String text) {
    var bytes = ("xx" + text + "xx").getBytes(US_ASCII);

    assertThat(Question.id(bytes, 2, bytes.length - 2)).isEqualTo(123_456);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"type\":\"pong\"}", "{\"id\":\"1\"}"})
  void aTextWithoutIdHasNone(String text) {
    assertThat(Question.id(text.getBytes(US_ASCII), 0, text.length())).isNegative();
  }
}

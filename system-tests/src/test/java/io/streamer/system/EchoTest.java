package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A fast action is answered on the spot, once, with the payload to the letter. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class EchoTest {
  @Parameter Door door;

  private static final String DEEP = "[".repeat(300) + "]".repeat(300);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "true",
        "\"\"",
        "0",
        "-0.0",
        "1.50",
        "1E400",
        "123456789012345678901234567890.123456789012345678901234567890",
        "{\"a\":1,\"a\":2,\"a\":{\"b\":[],\"b\":[1.10]}}",
        "{ \"spaced\" : [ 1,2 ,\t3 ] }",
        "\"\\u00e9\\ud83d\\ude80 \\/ \\\" \\\\\"",
        "{\"👩‍🚀\":\"漢字 ñ 🏳️‍🌈\"}",
        "{\"action\":\"other\",\"type\":\"hello\",\"id\":5}"
      })
  void aPayloadComesBackByteForByte(String payload) {
    assertEchoed(payload);
  }

  @Test
  void aDeepPayloadComesBackByteForByte() {
    assertEchoed(DEEP);
  }

  @Test
  void aLargePayloadComesBackByteForByte() {
    assertEchoed("\"" + "é".repeat(50_000) + "\"");
  }

  @TestFactory
  Stream<DynamicTest> aGoldenRequestIsEchoed() {
    return Contract.vectors("golden/client.json").stream()
        .filter(vector -> "echo".equals(vector.getJsonObject("decoded").getString("action")))
        .map(vector ->
            dynamicTest(
                vector.getString("name"),
                () -> {
                  try (var peer = door.connect(Tokens.fresh())) {
                    var decoded = vector.getJsonObject("decoded");
                    var answer = peer.send(vector.getString("frame")).next();
                    assertThat(answer.type()).isEqualTo("response");
                    assertThat(answer.text())
                        .contains("\"echo\":" + decoded.getString("payload") + ",");
                    if (decoded.getString("id") != null) {
                      assertThat(answer.requestId()).isEqualTo(decoded.getString("id"));
                    }
                  }
                }));
  }

  @Test
  void aRequestIsAnsweredOnce() {
    try (var peer = door.connect(Tokens.fresh())) {
      peer.request("r-1", "echo", new JsonObject()).answer("r-1");
      peer.settle();
      assertThat(peer.frames()).filteredOn(f -> "r-1".equals(f.requestId())).hasSize(1);
    }
  }

  @Test
  void aRequestWithoutAnIdGetsOneFromTheServer() {
    try (var peer = door.connect(Tokens.fresh())) {
      var first = peer.send("{\"action\":\"echo\"}").next().requestId();
      var second = peer.send("{\"action\":\"echo\"}").next().requestId();
      assertThat(first).isNotEqualTo(second).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}");
    }
  }

  @Test
  void aMessageInTwoFramesIsOneMessage() {
    try (var peer = door.connect(Tokens.fresh())) {
      var answer = peer.sendInTwo("{\"id\":\"r-1\",\"action\":\"ec", "ho\",\"payload\":7}").next();
      assertThat(answer.data().getInteger("echo")).isEqualTo(7);
    }
  }

  @Test
  void anAbsentPayloadIsEchoedAsNull() {
    try (var peer = door.connect(Tokens.fresh())) {
      var data = peer.send("{\"id\":\"r-1\",\"action\":\"echo\"}").next().data();
      assertThat(data.getValue("echo", "absent")).isNull();
      assertThat(data.getString("action")).isEqualTo("echo");
      assertThat(data.getInstant("received_at")).isNotNull();
    }
  }

  @Test
  void healthIsAnswered() {
    try (var peer = door.connect(Tokens.fresh())) {
      var data = peer.send("{\"id\":\"r-1\",\"action\":\"health\"}").next().data();
      assertThat(data.fieldNames()).contains("status", "timestamp", "version");
    }
  }

  @Test
  void aPingIsAnsweredByAPongAndAPongByNothing() {
    try (var peer = door.connect(Tokens.fresh())) {
      peer.send("{\"type\":\"pong\"}").send("{\"type\":\"ping\",\"id\":\"p-1\"}");
      var pong = peer.next();
      assertThat(pong.type()).isEqualTo("pong");
      assertThat(pong.requestId()).isEqualTo("p-1");
    }
  }

  private void assertEchoed(String payload) {
    try (var peer = door.connect(Tokens.fresh())) {
      var answer =
          peer.send("{\"id\":\"r-1\",\"action\":\"echo\",\"payload\":" + payload + "}").next();
      assertThat(answer.requestId()).isEqualTo("r-1");
      assertThat(answer.text()).contains("\"data\":{\"echo\":" + payload + ",\"action\":\"echo\"");
    }
  }
}

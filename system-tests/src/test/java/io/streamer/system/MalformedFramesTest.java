package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bad input is one answer that names the field, and the socket goes on: one takes all the vectors.
 */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class MalformedFramesTest {
  private static final int MAX_MESSAGE = 131_072;

  private final Door door;
  private Peer peer;

  MalformedFramesTest(Door door) {
    this.door = door;
  }

  @BeforeEach
  void open() {
    peer = door.connect(Tokens.fresh());
  }

  @AfterEach
  void close() {
    peer.close();
  }

  @TestFactory
  Stream<DynamicTest> aMalformedFrameIsAnsweredAndTheSocketGoesOn() {
    return Contract.vectors("malformed/client.json").stream()
        .map(vector -> dynamicTest(vector.getString("name"), () -> assertAnswered(vector)));
  }

  @Test
  void aFrameOfNoBytesMeansNothing() {
    peer.send("");
    assertGoesOn();
  }

  @Test
  void theAnswerToBadInputIsSmallAndKeepsTheId() {
    var frame = new JsonObject().put("id", "long-names").put("action", "echo");
    var metadata = new JsonObject();
    for (int i = 0; i < 30; i++) {
      metadata.put(i + "n".repeat(4_000), i);
    }
    var error = peer.send(frame.put("metadata", metadata).encode()).next();
    assertThat(error.requestId()).isEqualTo("long-names");
    assertThat(error.code()).isEqualTo("VALIDATION_ERROR");
    assertThat(error.text().length()).isLessThan(16_000);
    assertGoesOn();
  }

  private void assertAnswered(JsonObject vector) {
    var error = peer.send(vector.getString("frame")).next();
    assertThat(error.code()).isEqualTo(vector.getString("code"));
    assertThat(pointers(error))
        .containsExactlyInAnyOrderElementsOf(strings(vector.getJsonArray("pointers")));
    assertThat(error.requestId()).isEqualTo(vector.getString("request_id"));
    assertGoesOn();
  }

  @Test
  void anUnknownActionIsNoActionAtAll() {
    var error = peer.request("r-1", "no.such.action", new JsonObject()).next();
    assertThat(error.code()).isEqualTo("INVALID_ACTION");
    assertThat(error.requestId()).isEqualTo("r-1");
    assertGoesOn();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "[] | /payload",
        "\"x\" | /payload",
        "null | /payload",
        "{\"to\":\"x\",\"items\":[]} | /payload/count",
        "{\"to\":5,\"count\":1,\"items\":[]} | /payload/to",
        "{\"to\":\"x\",\"count\":\"1\",\"items\":[]} | /payload/count",
        "{\"to\":\"x\",\"count\":1.5,\"items\":[]} | /payload/count",
        "{\"to\":\"x\",\"count\":99999999999,\"items\":[]} | /payload/count",
        "{\"to\":\"x\",\"count\":1,\"items\":{}} | /payload/items",
        "{\"to\":\"x\",\"count\":1,\"items\":[{\"name\":\"a\",\"weight\":1},{\"name\":\"b\",\"weight\":\"1\"}]} | /payload/items/1/weight",
        "{\"to\":\"x\",\"count\":0,\"items\":[]} | /payload/count"
      })
  void aPayloadOfTheWrongShapeIsNamedByItsField(String payload, String pointer) {
    for (var action : List.of("test.ordered", "test.ordered-job")) {
      var error =
          peer.send("{\"id\":\"r-1\",\"action\":\"%s\",\"payload\":%s}".formatted(action, payload))
              .next();
      assertThat(error.is("error")).as(error::text).isTrue();
      assertThat(error.code()).isEqualTo("VALIDATION_ERROR");
      assertThat(pointers(error)).containsExactly(pointer);
      assertThat(error.requestId()).isEqualTo("r-1");
    }
    assertThat(peer.status("r-1").code()).isEqualTo("NOT_FOUND");
    peer.next();
    assertGoesOn();
  }

  @Test
  void aHandlersFailureTellsNothingOfItsInside() {
    var error = peer.request("r-1", "test.broken", new JsonObject()).next();
    assertThat(error.code()).isEqualTo("INTERNAL_ERROR");
    assertThat(error.text()).doesNotContain("swordfish", "Exception");
    assertGoesOn();
  }

  @Test
  void aHandlersRefusalIsTold() {
    var error = peer.request("r-1", "test.refused", new JsonObject()).next();
    assertThat(error.code()).isEqualTo("PROCESSING_FAILED");
    assertThat(error.error().getString("message")).isEqualTo("we are closed today");
    assertThat(error.error().getJsonObject("details").getString("reason"))
        .isEqualTo("CLOSED_TODAY");
    assertGoesOn();
  }

  @Test
  void aBinaryFrameClosesTheSocket() {
    try (var other = door.connect(Tokens.fresh())) {
      other.sendBinary(new byte[] {1, 2, 3});
      assertThat(other.closeCode()).isEqualTo(1003);
    }
  }

  @Test
  void aMessageOfTheLargestSizeIsAnsweredAndALargerOneClosesTheSocket() {
    try (var other = door.connect(Tokens.fresh())) {
      assertThat(other.send(message(MAX_MESSAGE)).next().code()).isEqualTo("INVALID_ACTION");
      other.send(message(MAX_MESSAGE + 1));
      assertThat(other.closeCode()).isEqualTo(1009);
    }
  }

  private static String message(int bytes) {
    var start = "{\"action\":\"no.such.action\",\"payload\":\"";
    return start + "x".repeat(bytes - start.length() - 2) + "\"}";
  }

  private void assertGoesOn() {
    peer.send("{\"id\":\"after\",\"action\":\"echo\"}");
    var answer = peer.next();
    assertThat(answer.type()).as(answer::text).isEqualTo("response");
    assertThat(answer.requestId()).isEqualTo("after");
  }

  private static List<String> pointers(Frame error) {
    return error.error().getJsonObject("details").getJsonArray("fields").stream()
        .map(field -> ((JsonObject) field).getString("pointer"))
        .toList();
  }

  private static List<String> strings(JsonArray array) {
    return array.stream().map(String.class::cast).toList();
  }
}

package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A field of another type's frame is one that this frame does not know, and counts for nothing. */
class OtherFieldsTest {
  private static final Set<String> TYPES =
      Set.of("request", "status", "cancel", "subscribe", "unsubscribe", "hello", "ping", "pong");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request",
        "status",
        "cancel",
        "subscribe",
        "unsubscribe",
        "hello",
        "ping",
        "pong"
      })
  void aFieldThatTheSchemaDoesNotNameMayHaveAnyValue(String type) throws IOException {
    var own = fields(type);
    var others = new TreeSet<String>();
    for (var other : TYPES) {
      others.addAll(fields(other));
    }
    others.removeAll(own);
    assertThat(others).isNotEmpty();
    for (var name : others) {
      for (var value : new String[] {"{\"a\":1}", "[{}]", "-1.5", "\"\\ud800\"", "true"}) {
        var text = frame(type, ",\"" + name + "\":" + value);
        assertInstanceOf(Decoded.Frame.class, read(text), text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request",
        "status",
        "cancel",
        "subscribe",
        "unsubscribe",
        "hello",
        "ping",
        "pong"
      })
  void aFieldOfItsOwnIsReadHoweverMuchIsWrongWithAnother(String type) throws IOException {
    var much =
        ",\"metadata\":{"
            + "\"a\":1,".repeat(40)
            + "\"b\":1},\"last_seq\":{"
            + "\"a\":\"x\",".repeat(40)
            + "\"b\":\"x\"}";
    var text = frame(type, much).replace("\"id\":\"i\"", "\"id\":5");
    var malformed = assertInstanceOf(Decoded.Malformed.class, read(text), text);
    var named = malformed.problem().fields().stream().map(FieldError::pointer).toList();
    if (!fields(type).contains("metadata") && !fields(type).contains("last_seq")) {
      assertThat(named).containsExactly("/id");
    }
    assertThat(named).hasSizeLessThanOrEqualTo(32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "true", "-1.5e3", "[\"request\"]", "{}"})
  void whatIsNoTypeIsAllThatIsWrong(String type) {
    for (var text :
        List.of(
            "{\"type\":%s}",
            "{\"type\":%s,\"action\":7}",
            "{\"metadata\":1,\"type\":%s}",
            "{\"options\":[],\"last_seq\":{\"a\":-1},\"type\":%s,\"job_id\":true}")) {
      var malformed = assertInstanceOf(Decoded.Malformed.class, read(text.formatted(type)), text);
      assertThat(malformed.problem().fields())
          .extracting(FieldError::pointer)
          .as(text)
          .containsExactly("/type");
    }
  }

  @Test
  void whatIsWrongIsNamedWhereverTheTypeStands() {
    var first = "{\"type\":\"subscribe\",\"id\":\"i\",\"job_id\":5,\"frames\":[],\"options\":5}";
    var last = "{\"id\":\"i\",\"job_id\":5,\"frames\":[],\"options\":5,\"type\":\"subscribe\"}";
    for (var text : new String[] {first, last}) {
      var malformed = assertInstanceOf(Decoded.Malformed.class, read(text), text);
      assertThat(malformed.problem().fields())
          .extracting(FieldError::pointer)
          .containsExactlyInAnyOrder("/job_id", "/frames");
    }
  }

  private static String frame(String type, String more) {
    return "{\"type\":\""
        + type
        + "\",\"id\":\"i\""
        + (type.equals("request") ? ",\"action\":\"a\"" : "")
        + more
        + "}";
  }

  private static Decoded read(String text) {
    return WireCodec.read(text.getBytes(UTF_8));
  }

  private static Set<String> fields(String type) throws IOException {
    var path = "/io/streamer/protocol/schema/client/" + type + ".json";
    try (var in = OtherFieldsTest.class.getResourceAsStream(path)) {
      assertThat(in).as(path).isNotNull();
      var schema = Vectors.object(Vectors.parse(in.readAllBytes()));
      return Vectors.object(schema.get("properties")).keySet();
    }
  }
}

package io.streamer.shared.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.streamer.handler.RawJson;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The codec says what the contract's vectors say. */
class WireCodecVectorsTest {

  @TestFactory
  Stream<DynamicTest> aClientsFrameIsRead() {
    return each(
        "golden/client.json",
        vector -> {
          var read = WireCodec.read(text(vector, "frame").getBytes(UTF_8));
          var frame = assertInstanceOf(Decoded.Frame.class, read, read::toString).frame();
          assertThat(frame).isEqualTo(clientFrame(Vectors.object(vector.get("decoded"))));
        });
  }

  @TestFactory
  Stream<DynamicTest> aMalformedFrameIsRefusedAtItsFields() {
    return each(
        "malformed/client.json",
        vector -> {
          var read = WireCodec.read(text(vector, "frame").getBytes(UTF_8));
          var malformed = assertInstanceOf(Decoded.Malformed.class, read, read::toString);
          assertThat(malformed.problem().code().name()).isEqualTo(vector.get("code"));
          assertThat(malformed.problem().fields())
              .extracting(FieldError::pointer)
              .containsExactlyInAnyOrderElementsOf(strings(vector.get("pointers")));
          assertThat(malformed.requestId()).isEqualTo(vector.get("request_id"));
        });
  }

  @TestFactory
  Stream<DynamicTest> aServersFrameIsWritten() {
    return each(
        "golden/server.json",
        vector -> {
          var frame = serverFrame(Vectors.object(vector.get("decoded")));
          var written = WireCodec.write(frame, number(vector, "at_ms"));
          assertThat(Vectors.parse(written))
              .isEqualTo(Vectors.parse(text(vector, "frame").getBytes(UTF_8)));
        });
  }

  @TestFactory
  Stream<DynamicTest> whatIsPassedOnIsWrittenByteForByte() {
    return each(
        "golden/server.json",
        vector -> {
          var decoded = Vectors.object(vector.get("decoded"));
          var raw = decoded.getOrDefault("data", decoded.getOrDefault("result", ""));
          var frame = WireCodec.write(serverFrame(decoded), number(vector, "at_ms"));
          assertThat(new String(frame, UTF_8)).contains((String) raw);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D\uDE80", "ñ漢字", "\uD83D\uDC69\u200D\uD83D\uDE80"})
  void whatIsOutsideAsciiGoesOutAsItself(String text) {
    var frames =
        List.of(
            new ServerFrame.Progress("id " + text, "j", 1, 50, text, 1, Map.of("of", text)),
            new ServerFrame.Response(text, RawJson.NULL),
            new ServerFrame.Goaway(text, 0));
    for (var frame : frames) {
      assertThat(new String(WireCodec.write(frame, 1_732_152_000_123L), UTF_8)).contains(text);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32, 33, 2_000})
  void theAnswerToBadInputIsSmallHoweverMuchIsWrong(int wrong) {
    var names =
        IntStream.range(0, wrong)
            .mapToObj(i -> "\"" + i + "/name".repeat(200) + "\":1")
            .collect(Collectors.joining(","));
    var frame = "{\"id\":\"r-1\",\"action\":\"echo\",\"metadata\":{" + names + "}}";
    var decoded = (Decoded.Malformed) WireCodec.read(frame.getBytes(UTF_8));
    assertThat(decoded.requestId()).isEqualTo("r-1");
    assertThat(decoded.problem().fields())
        .hasSize(Math.min(wrong, 32))
        .allSatisfy(field ->
            assertThat(field.pointer()).startsWith("/metadata").hasSizeLessThanOrEqualTo(256));
  }

  @Test
  void aCharacterOutsideOfTheBasicPlaneIsOne() {
    var rocket = "\uD83D\uDE80";
    var most =
        "{\"action\":\"a\",\"metadata\":{\"%s\":\"%s\"}}"
            .formatted(rocket.repeat(64), rocket.repeat(1024));
    assertInstanceOf(Decoded.Frame.class, WireCodec.read(most.getBytes(UTF_8)));
    for (var more :
        new String[] {
          "{\"action\":\"a\",\"metadata\":{\"%s\":\"\"}}".formatted(rocket.repeat(65)),
          "{\"action\":\"a\",\"metadata\":{\"n\":\"%s\"}}".formatted(rocket.repeat(1025))
        }) {
      assertInstanceOf(Decoded.Malformed.class, WireCodec.read(more.getBytes(UTF_8)), more);
    }
  }

  private interface Check {
    void run(Map<String, Object> vector);
  }

  private static Stream<DynamicTest> each(String file, Check check) {
    var vectors = Vectors.of(file);
    assertThat(vectors).isNotEmpty();
    return vectors.stream().map(v -> dynamicTest(text(v, "name"), () -> check.run(v)));
  }

  private static ClientFrame clientFrame(Map<String, Object> decoded) {
    var id = text(decoded, "id");
    return switch (text(decoded, "type")) {
      case "request" ->
          new ClientFrame.Request(
              id,
              text(decoded, "action"),
              raw(decoded, "payload"),
              texts(decoded, "metadata"),
              text(decoded, "traceparent"),
              decoded.containsKey("options")
                  ? options(Vectors.object(decoded.get("options")))
                  : ClientFrame.Options.NONE);
      case "status" ->
          new ClientFrame.Status(id, text(decoded, "job_id"), text(decoded, "request_id"));
      case "cancel" ->
          new ClientFrame.Cancel(id, text(decoded, "job_id"), text(decoded, "request_id"));
      case "subscribe" ->
          new ClientFrame.Subscribe(
              id,
              text(decoded, "job_id"),
              text(decoded, "request_id"),
              strings(decoded.get("frames")).stream()
                  .map(kind -> ClientFrame.Kind.valueOf(kind.toUpperCase(Locale.ROOT)))
                  .collect(Collectors.toSet()),
              decoded.get("after_seq") == null ? null : number(decoded, "after_seq"));
      case "unsubscribe" ->
          new ClientFrame.Unsubscribe(id, text(decoded, "job_id"), text(decoded, "request_id"));
      case "hello" -> {
        var lastSeq = new TreeMap<String, Long>();
        Vectors.object(decoded.get("last_seq"))
            .forEach((job, seq) -> lastSeq.put(job, ((BigDecimal) seq).longValueExact()));
        yield new ClientFrame.Hello(id, lastSeq);
      }
      case "ping" -> new ClientFrame.Ping(id);
      case "pong" -> new ClientFrame.Pong(id);
      default -> throw new IllegalArgumentException("no such frame: " + decoded);
    };
  }

  private static ClientFrame.Options options(Map<String, Object> decoded) {
    return new ClientFrame.Options(
        (int) number(decoded, "priority"),
        number(decoded, "delay_ms"),
        decoded.get("deadline_ms") == null ? null : number(decoded, "deadline_ms"),
        decoded.get("on_disconnect").equals("cancel"));
  }

  private static ServerFrame serverFrame(Map<String, Object> decoded) {
    var requestId = text(decoded, "request_id");
    var jobId = text(decoded, "job_id");
    return switch (text(decoded, "type")) {
      case "response" -> new ServerFrame.Response(requestId, raw(decoded, "data"));
      case "acknowledgment" ->
          new ServerFrame.Acknowledgment(
              requestId,
              jobId,
              ServerFrame.AckStatus.valueOf(text(decoded, "status").toUpperCase(Locale.ROOT)),
              text(decoded, "message"),
              decoded.get("snapshot") == null
                  ? null
                  : snapshot(Vectors.object(decoded.get("snapshot"))));
      case "progress" ->
          new ServerFrame.Progress(
              requestId,
              jobId,
              number(decoded, "seq"),
              percentage(decoded),
              text(decoded, "message"),
              (int) number(decoded, "attempt"),
              texts(decoded, "metadata"));
      case "event", "rewind" -> replayed(decoded);
      case "complete" ->
          new ServerFrame.Complete(
              requestId,
              jobId,
              number(decoded, "seq"),
              decoded.containsKey("result_url")
                  ? new ServerFrame.Result.At(text(decoded, "result_url"))
                  : new ServerFrame.Result.Inline(raw(decoded, "result")),
              texts(decoded, "metadata"));
      case "error" ->
          new ServerFrame.ErrorFrame(
              requestId,
              jobId,
              decoded.get("seq") == null ? null : number(decoded, "seq"),
              problem(decoded));
      case "welcome" ->
          new ServerFrame.Welcome(
              requestId,
              text(decoded, "session"),
              (boolean) decoded.get("recovered"),
              Vectors.list(decoded.get("jobs")).stream()
                  .map(job -> attached(Vectors.object(job)))
                  .toList(),
              number(decoded, "heartbeat_ms"),
              number(decoded, "max_age_ms"),
              (int) number(decoded, "max_message_bytes"),
              decoded.get("max_frame_bytes") == null
                  ? null
                  : (int) number(decoded, "max_frame_bytes"),
              text(decoded, "server"));
      case "pong" -> new ServerFrame.Pong(requestId);
      case "goaway" ->
          new ServerFrame.Goaway(text(decoded, "reason"), number(decoded, "reconnect_in_ms"));
      default -> throw new IllegalArgumentException("no such frame: " + decoded);
    };
  }

  private static ServerFrame.Attached attached(Map<String, Object> decoded) {
    var events = decoded.containsKey("events") ? Vectors.list(decoded.get("events")) : List.of();
    return new ServerFrame.Attached(
        snapshot(decoded),
        events.stream().map(event -> replayed(Vectors.object(event))).toList(),
        decoded.get("next") == null ? null : number(decoded, "next"));
  }

  private static ServerFrame.Replayed replayed(Map<String, Object> decoded) {
    var requestId = text(decoded, "request_id");
    var jobId = text(decoded, "job_id");
    return decoded.get("type").equals("event")
        ? new ServerFrame.Event(
            requestId, jobId, number(decoded, "seq"), text(decoded, "name"), raw(decoded, "data"))
        : new ServerFrame.Rewind(
            requestId, jobId, number(decoded, "seq"), number(decoded, "after_seq"));
  }

  private static ServerFrame.Snapshot snapshot(Map<String, Object> decoded) {
    return new ServerFrame.Snapshot(
        text(decoded, "job_id"),
        text(decoded, "request_id"),
        text(decoded, "action"),
        text(decoded, "status"),
        percentage(decoded),
        text(decoded, "message"),
        number(decoded, "seq"),
        (int) number(decoded, "attempt"),
        number(decoded, "created_at_ms"),
        null,
        null);
  }

  private static Problem problem(Map<String, Object> decoded) {
    var fields =
        Vectors.list(decoded.get("fields")).stream()
            .map(Vectors::object)
            .map(field -> new FieldError(text(field, "pointer"), text(field, "message")))
            .toList();
    return new Problem(
        ErrorCode.valueOf(text(decoded, "code")),
        text(decoded, "message"),
        fields,
        texts(decoded, "details"),
        decoded.get("retry_after_ms") == null ? null : number(decoded, "retry_after_ms"));
  }

  private static String text(Map<String, Object> object, String name) {
    return (String) object.get(name);
  }

  private static RawJson raw(Map<String, Object> object, String name) {
    return RawJson.of(text(object, name));
  }

  private static long number(Map<String, Object> object, String name) {
    return ((BigDecimal) object.get(name)).longValueExact();
  }

  private static double percentage(Map<String, Object> object) {
    return ((BigDecimal) object.get("percentage")).doubleValue();
  }

  private static List<String> strings(Object list) {
    return Vectors.list(list).stream().map(String.class::cast).toList();
  }

  private static Map<String, String> texts(Map<String, Object> object, String name) {
    var texts = new TreeMap<String, String>();
    Vectors.object(object.get(name)).forEach((key, value) -> texts.put(key, (String) value));
    return texts;
  }
}

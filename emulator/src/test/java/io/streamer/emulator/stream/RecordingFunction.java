package io.streamer.emulator.stream;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Keeps every event it gets and answers as it is told. */
final class RecordingFunction implements RequestStreamHandler {
  private final List<JsonObject> events = new CopyOnWriteArrayList<>();
  private volatile Function<JsonObject, String> answer = _ -> "{\"batchItemFailures\":[]}";

  void answer(Function<JsonObject, String> next) {
    answer = next;
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    var event = new JsonObject(Buffer.buffer(in.readAllBytes()));
    events.add(event);
    out.write(answer.apply(event).getBytes(StandardCharsets.UTF_8));
  }

  List<JsonObject> events() {
    return events;
  }

  /** The items' ids of each invocation. */
  List<List<String>> batches() {
    return events.stream().map(RecordingFunction::ids).toList();
  }

  /** The items' ids over all invocations. */
  List<String> ids() {
    return events.stream().flatMap(event -> ids(event).stream()).toList();
  }

  static List<String> ids(JsonObject event) {
    return records(event).stream().map(RecordingFunction::id).toList();
  }

  static List<JsonObject> records(JsonObject event) {
    return event.getJsonArray("Records").stream().map(JsonObject.class::cast).toList();
  }

  /** What a function returns that could not handle these items. */
  static String failed(JsonObject event, String... ids) {
    var wanted = List.of(ids);
    var failures =
        records(event).stream()
            .filter(record -> wanted.contains(id(record)))
            .map(record ->
                JsonObject.of(
                    "itemIdentifier", record.getJsonObject("dynamodb").getString("SequenceNumber")))
            .toList();
    return JsonObject.of("batchItemFailures", failures).encode();
  }

  private static String id(JsonObject record) {
    return record
        .getJsonObject("dynamodb")
        .getJsonObject("Keys")
        .getJsonObject("id")
        .getString("S");
  }
}

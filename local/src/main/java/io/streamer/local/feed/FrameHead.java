package io.streamer.local.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** Whose a frame is: what stands in it besides what it carries. */
record FrameHead(
    String type,
    Optional<String> id,
    Optional<String> requestId,
    Optional<String> jobId,
    Optional<Double> percentage,
    Optional<Integer> attempt) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Reads the first members of a frame; empty if it is none. */
  static Optional<FrameHead> read(byte[] utf8) {
    var type = Optional.<String>empty();
    var action = Optional.<String>empty();
    var id = Optional.<String>empty();
    var requestId = Optional.<String>empty();
    var jobId = Optional.<String>empty();
    var percentage = Optional.<Double>empty();
    var attempt = Optional.<Integer>empty();
    try (var parser = JSON.createParser(utf8)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        var token = parser.nextToken();
        var text =
            token == JsonToken.VALUE_STRING
                ? Optional.of(parser.getText())
                : Optional.<String>empty();
        switch (name) {
          case "type" -> type = text;
          case "id" -> id = text;
          case "action" -> action = text;
          case "request_id" -> requestId = text;
          case "job_id" -> jobId = text;
          case "percentage" ->
              percentage =
                  token.isNumeric() ? Optional.of(parser.getDoubleValue()) : Optional.empty();
          case "attempt" ->
              attempt =
                  token == JsonToken.VALUE_NUMBER_INT
                      ? Optional.of(parser.getIntValue())
                      : Optional.empty();
          default -> parser.skipChildren();
        }
      }
    } catch (IOException _) {
      // what came before the fault is known
    }
    // a request may leave its type out
    var found = type.isPresent() ? type : action.map(_ -> "request");
    if (found.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new FrameHead(found.get(), id, requestId, jobId, percentage, attempt));
  }
}

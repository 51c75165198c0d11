package io.streamer.client.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a failure.
 *
 * @param retryAfter milliseconds
 * @param details an object
 */
public record Problem(
    String code, String message, boolean retryable, @Nullable Long retryAfter, ObjectNode details) {

  /** As a frame of the server has it. */
  public static Problem of(JsonNode error) {
    var after = error.path("retry_after_ms");
    return new Problem(
        error.path("code").asText("INTERNAL_ERROR"),
        error.path("message").asText(),
        error.path("retryable").asBoolean(),
        after.isNumber() ? Long.valueOf(after.asLong()) : null,
        error.path("details") instanceof ObjectNode details ? details : object());
  }

  /** One that trying again does not mend. */
  public static Problem of(String code, String message) {
    return new Problem(code, message, false, null, object());
  }

  public Problem retryable(boolean whether) {
    return new Problem(code, message, whether, retryAfter, details);
  }

  public Problem mayHaveStarted() {
    return with("may_have_started", true);
  }

  public Problem with(String name, boolean value) {
    return new Problem(code, message, retryable, retryAfter, details.deepCopy().put(name, value));
  }

  public Problem with(String name, long value) {
    return new Problem(code, message, retryable, retryAfter, details.deepCopy().put(name, value));
  }

  public Problem with(String name, String value) {
    return new Problem(code, message, retryable, retryAfter, details.deepCopy().put(name, value));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}

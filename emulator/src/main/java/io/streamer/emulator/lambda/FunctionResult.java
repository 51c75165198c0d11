package io.streamer.emulator.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** How one run of a function ended, as Lambda reports it. */
sealed interface FunctionResult {
  /** It wrote this and returned. */
  record Returned(Buffer payload) implements FunctionResult {}

  /** It threw or wrote too much; the body is what the caller gets to see. */
  record Failed(Buffer body) implements FunctionResult {}

  /** Runs the function on this thread; whatever it throws is a result. */
  static FunctionResult of(
      RequestStreamHandler handler, Buffer event, Context context, int maxBytes) {
    var output = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event.getBytes()), output, context);
    } catch (FunctionError error) {
      return new Failed(error.body());
    } catch (Throwable thrown) {
      return failed(
          String.valueOf(thrown.getMessage()), thrown.getClass().getName(), frames(thrown));
    }
    if (output.size() > maxBytes) {
      return failed(
          "Response payload size exceeded maximum allowed payload size (" + maxBytes + " bytes).",
          "Function.ResponseSizeTooLarge",
          new JsonArray());
    }
    return new Returned(Buffer.buffer(output.toByteArray()));
  }

  /** The run ended without its handler's doing. */
  static Failed died(String requestId, String type, String message) {
    return new Failed(
        JsonObject.of(
                "errorType", type, "errorMessage", "RequestId: " + requestId + " Error: " + message)
            .toBuffer());
  }

  private static Failed failed(String message, String type, JsonArray stackTrace) {
    return new Failed(
        JsonObject.of("errorMessage", message, "errorType", type, "stackTrace", stackTrace)
            .toBuffer());
  }

  private static JsonArray frames(Throwable thrown) {
    return new JsonArray(
        Arrays.stream(thrown.getStackTrace()).map(StackTraceElement::toString).toList());
  }
}

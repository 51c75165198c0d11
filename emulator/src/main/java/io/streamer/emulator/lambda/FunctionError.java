package io.streamer.emulator.lambda;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** An error that a function's process reported, or its end; the caller gets to see the body. */
final class FunctionError extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Buffer body;

  FunctionError(Buffer body) {
    super(body.toString());
    this.body = body;
  }

  /** The process went away before it answered. */
  static FunctionError exited(String requestId) {
    return new FunctionError(
        FunctionResult.died(requestId, "Runtime.ExitError", "Runtime exited").body());
  }

  Buffer body() {
    return body;
  }
}

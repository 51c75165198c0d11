package io.streamer.emulator.integration;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** What became of an integration's call. */
public sealed interface IntegrationOutcome {
  /**
   * The backend answered.
   *
   * @param subprotocol that it chose: the one header that goes on to the client
   */
  record Answered(int status, Optional<String> subprotocol, Buffer body)
      implements IntegrationOutcome {
    public boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  /** No backend took the call, or it broke off, or its answer was too large. */
  record Failed() implements IntegrationOutcome {}

  /** No whole answer within the integration's timeout. */
  record TimedOut() implements IntegrationOutcome {}
}

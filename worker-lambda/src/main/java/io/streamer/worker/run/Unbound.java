package io.streamer.worker.run;

import io.streamer.handler.RawJson;
import io.streamer.shared.action.Definition;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.protocol.FieldError;
import java.util.List;

/**
 * A stored payload that is none for the handler here. It was one for the gateway that took it: one
 * of the two is of another version.
 */
final class Unbound extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient InvalidPayload why;

  private Unbound(InvalidPayload why) {
    super(why);
    this.why = why;
  }

  /** Makes the request that the handler takes. */
  static Object bind(Definition definition, RawJson payload) throws Unbound {
    try {
      return definition.bind(payload);
    } catch (InvalidPayload e) {
      throw new Unbound(e);
    }
  }

  /** What does not fit, from the root of a request's frame. */
  List<FieldError> fields() {
    return why.fields().stream().map(field -> field.below("/payload")).toList();
  }
}

package io.streamer.test;

import io.streamer.handler.RawJson;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;

/**
 * An event as a client has it: see {@link io.streamer.handler.Run#emit}.
 *
 * @param data the value as JSON
 */
public record TestEvent(String name, RawJson data) {

  /**
   * The data read into a type, as a client would.
   *
   * @throws AssertionError if it does not fit
   */
  public <T> T as(Class<T> type) {
    return read("the event " + name, data, type);
  }

  // the binder makes what the type says
  @SuppressWarnings("unchecked")
  static <T> T read(String what, RawJson json, Class<T> type) {
    try {
      return (T) Payloads.bind(json, type);
    } catch (InvalidPayload e) {
      throw new AssertionError(
          "%s is no %s: %s in %s".formatted(what, type.getSimpleName(), e.getMessage(), json), e);
    }
  }
}

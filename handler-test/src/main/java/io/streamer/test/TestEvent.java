package io.streamer.test;

import io.streamer.handler.RawJson;
import io.streamer.shared.payload.InvalidPayload;
import io.streamer.shared.payload.Payloads;
import org.jspecify.annotations.Nullable;

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

  static <T> T read(String what, RawJson json, Class<T> type) {
    return made(what, json, type, Payloads::bind);
  }

  /** What a run kept, read as a later one reads it; null counts as nothing. */
  static <T> @Nullable T restored(String what, RawJson json, Class<T> type) {
    return made(what, json, type, Payloads::restore);
  }

  private interface Reading<T> {
    @Nullable Object of(RawJson json, Class<T> type) throws InvalidPayload;
  }

  // the binder makes what the type says
  @SuppressWarnings({"unchecked", "NullAway"})
  private static <T> T made(String what, RawJson json, Class<T> type, Reading<T> reading) {
    try {
      return (T) reading.of(json, type);
    } catch (InvalidPayload e) {
      throw new AssertionError(
          "%s is no %s: %s in %s".formatted(what, type.getSimpleName(), e.getMessage(), json), e);
    }
  }
}

package io.streamer.shared.job;

import io.streamer.handler.RawJson;

/** What a run came to, or where that is. */
public sealed interface Result {

  /**
   * Small enough for a frame and for the store.
   *
   * @param json one object
   */
  record Inline(RawJson json) implements Result {}

  /** An object in the object store, under this key. */
  record Stored(String key) implements Result {}
}

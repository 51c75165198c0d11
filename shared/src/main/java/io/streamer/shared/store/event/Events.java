package io.streamer.shared.store.event;

import io.streamer.shared.protocol.ServerFrame.Replayed;
import java.util.List;
import java.util.Optional;

/**
 * Events that were missed, oldest first.
 *
 * @param next if there are more: ask again for those after this number
 * @param read about how many bytes were read for them, those of other events included
 */
public record Events(List<Replayed> events, Optional<Long> next, long read) {
  static final Events NONE = new Events(List.of(), Optional.empty(), 0);

  public Events {
    events = List.copyOf(events);
  }
}

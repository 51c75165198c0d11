package io.streamer.shared.store.event;

import io.streamer.shared.protocol.ServerFrame.Replayed;
import java.util.List;
import java.util.Optional;

/**
 * Events that were missed, oldest first.
 *
 * @param next if there are more: ask again for those after this number
 */
public record Events(List<Replayed> events, Optional<Long> next) {
  public Events {
    events = List.copyOf(events);
  }
}

package io.streamer.shared.job;

import io.streamer.handler.RawJson;
import java.util.Map;
import java.util.Set;

/**
 * What a run needs and a watcher does not: the part of a request that may stand beside the row.
 *
 * @param payload one JSON value, byte for byte as it came
 * @param permissions of the caller at submit
 */
public record RunInput(RawJson payload, Map<String, String> metadata, Set<String> permissions) {
  public RunInput {
    metadata = Map.copyOf(metadata);
    permissions = Set.copyOf(permissions);
  }
}

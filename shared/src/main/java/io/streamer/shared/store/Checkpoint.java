package io.streamer.shared.store;

import io.streamer.handler.RawJson;

/**
 * Where a run goes on from.
 *
 * @param eventSeq the last event's number then: a run that starts again voids what came after it
 */
public record Checkpoint(RawJson value, long eventSeq) {}

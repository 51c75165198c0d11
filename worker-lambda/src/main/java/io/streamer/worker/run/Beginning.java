package io.streamer.worker.run;

import io.streamer.shared.job.RunInput;
import io.streamer.shared.protocol.ServerFrame.Replayed;
import io.streamer.shared.store.Checkpoint;
import java.util.List;
import java.util.Optional;

/**
 * What a run begins with.
 *
 * @param newest the events that were stored last
 */
record Beginning(RunInput content, Optional<Checkpoint> checkpoint, List<Replayed> newest) {}

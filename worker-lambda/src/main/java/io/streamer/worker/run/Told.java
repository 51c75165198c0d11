package io.streamer.worker.run;

import java.util.OptionalLong;

/**
 * Whether a job's owner heard of its end from its last worker.
 *
 * @param there whether the owner had a connection that did not leave meanwhile
 * @param ms from the end to the moment that connection took the last frame, if it did
 */
record Told(boolean there, OptionalLong ms) {
  /** There was nothing to tell, or nobody. */
  static final Told NOBODY = new Told(false, OptionalLong.empty());
}

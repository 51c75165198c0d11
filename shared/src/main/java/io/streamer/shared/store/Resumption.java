package io.streamer.shared.store;

import io.streamer.shared.job.Job;

/** What became of an attach that waits until nothing is missed. */
public sealed interface Resumption {

  /** The route is set; the connection had all events before. */
  record Resumed(Job job) implements Resumption {}

  /** Nothing is set: the job has more events by now; as it stands. */
  record Behind(Job job) implements Resumption {}

  /** Unknown, gone, or not this owner's: the same to whoever asks. */
  record Unknown() implements Resumption {}
}

package io.streamer.shared.store;

import io.streamer.shared.job.Job;

/** What became of a take-over, which waits until nothing is missed. */
public sealed interface Resumption {

  /** The route is set; the connection had all events before. */
  record Resumed(Job job) implements Resumption {}

  /** Nothing is set: the job has more events by now, or another owner; as it stands. */
  record Behind(Job job) implements Resumption {}

  /** It is gone. */
  record Unknown() implements Resumption {}
}

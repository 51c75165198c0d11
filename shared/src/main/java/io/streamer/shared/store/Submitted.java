package io.streamer.shared.store;

import io.streamer.shared.job.Job;

/** What became of a submit. */
public sealed interface Submitted {
  Job job();

  /** It is stored, by this call or by an earlier try of it. */
  record Stored(Job job) implements Submitted {}

  /** The same request was stored before. */
  record Duplicate(Job job) implements Submitted {}

  /** Another request stands under this id. */
  record Clash(Job job) implements Submitted {}
}

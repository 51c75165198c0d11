package io.streamer.shared.store.letter;

import io.streamer.shared.job.Job;

/** What became of a redrive. */
public sealed interface Redriven {

  /** The job that does the failed one again; a second redrive meets the first one's. */
  record Again(Job job) implements Redriven {}

  /** It has not failed. */
  record NotFailed() implements Redriven {}
}

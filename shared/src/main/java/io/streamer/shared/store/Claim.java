package io.streamer.shared.store;

import io.streamer.shared.job.Job;

/** What became of a claim. */
public sealed interface Claim {

  /** The job is the caller's, at its new epoch. */
  record Claimed(Job job) implements Claim {}

  /** It is not there to be claimed, or somebody was faster. */
  record Taken() implements Claim {}
}

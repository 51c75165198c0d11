package io.streamer.shared.store;

import io.streamer.shared.job.Job;

/** What became of its holder's write to a job. */
public sealed interface Kept {

  /** Written; the job as it stands now. */
  record Still(Job job) implements Kept {}

  /** The job is no longer the caller's, has ended or is gone. */
  record Lost() implements Kept {}
}

package io.streamer.shared.store.due;

import io.streamer.shared.job.Job;

/** What became of a cancel. */
public sealed interface Cancelled {
  Job job();

  /** It has ended by this call: whoever called tells its watchers. */
  record Ended(Job job) implements Cancelled {}

  /** Its holder is asked to stop, and sees that within about a second. */
  record Asked(Job job) implements Cancelled {}

  /** It had ended before, or is not there any more. */
  record TooLate(Job job) implements Cancelled {}
}

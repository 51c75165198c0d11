package io.streamer.shared.store;

import io.streamer.shared.job.Job;

/** What became of an attach. */
public sealed interface Attachment {

  /** The route is set; the job as it stands now, and nothing later was sent elsewhere. */
  record Attached(Job job) implements Attachment {}

  /** Unknown, gone, or not this owner's: the same to whoever asks. */
  record Unknown() implements Attachment {}
}

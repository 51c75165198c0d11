package io.streamer.client;

/** How a job stands as far as its handle knows. */
public enum JobState {
  /** No answer is there yet. */
  SENT,
  /** It is stored as a job, and has not been seen to run. */
  ACCEPTED,
  /** A first progress or event came. */
  RUNNING,
  /** It gave a result; a large one may still be on its way. */
  SUCCEEDED,
  /** It ended with an error; one that ran out of time has, too. */
  FAILED,
  /** It was cancelled, by whomever. */
  CANCELLED
}

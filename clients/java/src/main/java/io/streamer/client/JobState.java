package io.streamer.client;

/** How a job stands as far as its handle knows. */
public enum JobState {
  /** No answer is there yet. */
  SENT,
  ACCEPTED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED
}

package io.streamer.shared.job;

import java.util.Locale;

/** Where a job stands. */
public enum JobStatus {
  /** Delayed, or its lane is full. */
  WAITING,
  /** A worker may claim it. */
  QUEUED,
  /** Leased to a worker or to the gateway that answers it. */
  RUNNING,
  /** Failed in a way that may pass; queued again when its time comes. */
  RETRYING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  TIMED_OUT;

  /** Whether it is the end: nothing follows. */
  public boolean terminal() {
    return switch (this) {
      case WAITING, QUEUED, RUNNING, RETRYING -> false;
      case SUCCEEDED, FAILED, CANCELLED, TIMED_OUT -> true;
    };
  }

  /** The name that clients see. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}

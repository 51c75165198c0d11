package io.streamer.client;

/** What becomes of a request whose answer is lost with its connection. */
public enum Retry {
  /** It fails with {@link StreamerException#CONNECTION_LOST}: it may have run. */
  NEVER,
  /** It is a job: it is sent again under its id, which makes no second job. */
  JOB
}

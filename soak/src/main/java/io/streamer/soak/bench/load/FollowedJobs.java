package io.streamer.soak.bench.load;

/** Jobs whose frames are looked at, from the acknowledgment to the last one. */
interface FollowedJobs {
  /**
   * Takes a frame of the request with that id.
   *
   * @param dueAt when the request was to be sent
   * @return whether it is the last one
   */
  boolean take(int id, long dueAt, long now, byte[] bytes, int from, int to);

  /** How many were accepted and have not ended. */
  int running();
}

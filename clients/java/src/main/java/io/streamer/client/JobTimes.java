package io.streamer.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When what happened to a job, by this machine's clock.
 *
 * @param sent the request was made, or the job attached to
 * @param accepted it was acknowledged as a job
 * @param firstProgress the first sign that it runs
 * @param ended its last frame came; a large result is fetched behind it
 */
public record JobTimes(
    Instant sent,
    @Nullable Instant accepted,
    @Nullable Instant firstProgress,
    @Nullable Instant ended) {

  JobTimes withAccepted(Instant at) {
    return new JobTimes(sent, at, firstProgress, ended);
  }

  JobTimes withFirstProgress(Instant at) {
    return new JobTimes(sent, accepted, at, ended);
  }

  JobTimes withEnded(Instant at) {
    return new JobTimes(sent, accepted, firstProgress, at);
  }
}

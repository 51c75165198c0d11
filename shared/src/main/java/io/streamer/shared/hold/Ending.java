package io.streamer.shared.hold;

import io.streamer.shared.job.Outcome;
import java.time.Duration;

/** What becomes of a job when its holder has done with it. */
public sealed interface Ending {

  /** The job has ended, unless somebody asked for a cancel before. */
  record Ends(Outcome outcome) implements Ending {}

  /**
   * It is tried again.
   *
   * @param counts whether that uses up an attempt
   */
  record TriedAgain(Duration after, boolean counts) implements Ending {}

  /** It goes on in another invocation. */
  record HandedOn() implements Ending {}

  /** It was cancelled. */
  record Stops() implements Ending {}

  /** Its deadline has passed. */
  record Expires() implements Ending {}
}

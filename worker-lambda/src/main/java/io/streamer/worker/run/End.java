package io.streamer.worker.run;

import io.streamer.shared.job.Result;
import java.time.Duration;

/** How a handler's call ended. */
sealed interface End {

  /** Made beforehand, for a thread that has no memory left to say more. */
  End DIED = new Threw(new IllegalStateException("the handler's thread died"));

  record Returned(Result result) implements End {}

  record Threw(Throwable thrown) implements End {}

  /** It was interrupted because its attempt's time was up. */
  record TimedOut(Duration after) implements End {}

  /** The invocation's time was up, and there is a checkpoint to go on from. */
  record OutOfTime() implements End {}

  /** It was interrupted because somebody asked for the job to stop. */
  record Cancelled() implements End {}

  /** It was interrupted because the job's own deadline has passed. */
  record Overdue() implements End {}
}

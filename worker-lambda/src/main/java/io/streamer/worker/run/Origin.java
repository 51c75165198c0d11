package io.streamer.worker.run;

import java.util.Optional;

/**
 * Who asked for a run.
 *
 * @param traceparent what the run is traced below, if it is traced
 * @param lambda Lambda's own trace header, if the run is within an invocation that has one
 */
public record Origin(Optional<String> traceparent, Optional<String> lambda) {
  /** Somebody who said no more. */
  public static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty());
}

package io.streamer.local.feed;

import io.streamer.handler.RawJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is known of one job. JSON values are as they were stored.
 *
 * @param payload empty if it is gone
 * @param error of a job that failed
 * @param workerHere whether a worker of this stage runs it now
 * @param events the first that fit 512 KB
 */
record JobView(
    JobRow job,
    Optional<RawJson> payload,
    Map<String, String> metadata,
    Map<String, String> annotations,
    Optional<RawJson> result,
    Optional<String> resultUrl,
    Optional<Problem> error,
    boolean workerHere,
    Optional<RawJson> checkpoint,
    Map<String, RawJson> steps,
    List<Event> events,
    boolean moreEvents,
    SeenJob.Course course) {

  /** Why a job failed. */
  record Problem(String code, String message, Map<String, String> details, List<Field> fields) {}

  record Field(String pointer, String message) {}

  /**
   * A piece of a job's output.
   *
   * @param data empty if this voids events after the number {@code voidAfter}
   */
  record Event(long seq, Optional<String> name, Optional<RawJson> data, Optional<Long> voidAfter) {}
}

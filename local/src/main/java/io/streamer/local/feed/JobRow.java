package io.streamer.local.feed;

import io.streamer.shared.job.Job;
import io.streamer.shared.protocol.Problem;
import java.util.Locale;
import java.util.Optional;

/**
 * A job as a list shows it. Times are epoch milliseconds.
 *
 * @param version counts the changes of all jobs: of two rows of one job the higher is the newer
 * @param startedAt of its first attempt, if that was seen
 * @param error of a job that failed: code, reason and words
 * @param cancelling whether it runs and was asked to stop
 * @param dead whether it is a dead letter: failed, and not done again
 */
public record JobRow(
    String jobId,
    long version,
    String requestId,
    String action,
    String tenant,
    String user,
    String status,
    double percentage,
    String message,
    int attempt,
    long createdAt,
    Optional<Long> startedAt,
    Optional<Long> endedAt,
    Optional<String> error,
    boolean cancelling,
    boolean dead,
    Optional<String> redriveOf,
    Optional<String> redrivenBy) {

  static JobRow of(Job job, long version, Optional<Long> startedAt, Optional<Long> endedAt) {
    return new JobRow(
        job.id().value(),
        version,
        job.requestId(),
        job.action(),
        job.caller().tenant(),
        job.caller().user(),
        job.status().wire(),
        job.percentage(),
        job.message(),
        job.attempt(),
        job.createdAt(),
        startedAt,
        endedAt,
        job.error().map(Problem::line),
        job.marks().cancel() && !job.status().terminal(),
        job.status().wire().equals("failed") && job.marks().redrivenBy().isEmpty(),
        job.terms().redriveOf().map(Object::toString),
        job.marks().redrivenBy().map(Object::toString));
  }

  /** Whether a text that was searched for is in one of its words. */
  boolean has(String text) {
    var wanted = text.toLowerCase(Locale.ROOT);
    return contains(action, wanted)
        || contains(jobId, wanted)
        || contains(requestId, wanted)
        || contains(tenant + "/" + user, wanted)
        || contains(message, wanted)
        || error.filter(it -> contains(it, wanted)).isPresent();
  }

  private static boolean contains(String in, String wanted) {
    return in.toLowerCase(Locale.ROOT).contains(wanted);
  }
}

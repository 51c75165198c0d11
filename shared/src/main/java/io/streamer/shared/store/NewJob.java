package io.streamer.shared.store;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.JobTerms;
import io.streamer.shared.job.Route;
import io.streamer.shared.job.RunInput;
import io.streamer.shared.log.About;
import io.streamer.shared.protocol.ClientFrame.Options;
import java.util.Map;
import java.util.Optional;

/**
 * A request to be stored.
 *
 * @param run a fresh UUID; a repeated write knows its own by it
 * @param requestId the client's id, or the gateway's if it gave none
 * @param redriveOf the failed job that this one does again
 */
public record NewJob(
    String run,
    Caller caller,
    String requestId,
    String action,
    RawJson payload,
    Map<String, String> metadata,
    Optional<String> traceparent,
    Optional<Route> route,
    Options options,
    Optional<JobId> redriveOf) {
  public NewJob {
    metadata = Map.copyOf(metadata);
  }

  public JobId id() {
    return JobId.of(caller.tenant(), caller.user(), requestId);
  }

  /** What a line of the log says of it. */
  public About about() {
    return About.jobOf(id().value()).tenant(caller.tenant()).request(requestId).action(action);
  }

  public String hash() {
    return JobId.hash(action, payload);
  }

  JobTerms terms(long now, boolean overran) {
    var deadlineMs = options.deadlineMs();
    return new JobTerms(
        options.priority(),
        options.delayMs() > 0 && !overran ? Optional.of(now + options.delayMs()) : Optional.empty(),
        deadlineMs == null ? Optional.empty() : Optional.of(now + deadlineMs),
        options.cancelOnDisconnect(),
        overran,
        redriveOf);
  }

  RunInput content() {
    return new RunInput(payload, metadata, caller.permissions());
  }
}

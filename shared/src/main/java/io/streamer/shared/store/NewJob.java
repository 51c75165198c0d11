package io.streamer.shared.store;

import io.streamer.handler.Caller;
import io.streamer.handler.RawJson;
import io.streamer.shared.job.Content;
import io.streamer.shared.job.JobId;
import io.streamer.shared.job.Route;
import java.util.Map;
import java.util.Optional;

/**
 * A request to be stored.
 *
 * @param run a fresh UUID; a repeated write knows its own by it
 * @param requestId the client's id, or the gateway's if it gave none
 */
public record NewJob(
    String run,
    Caller caller,
    String requestId,
    String action,
    RawJson payload,
    Map<String, String> metadata,
    Optional<String> traceparent,
    Optional<Route> route) {
  public NewJob {
    metadata = Map.copyOf(metadata);
  }

  public JobId id() {
    return JobId.of(caller.tenant(), caller.user(), requestId);
  }

  public String hash() {
    return JobId.hash(action, payload);
  }

  Content content() {
    return new Content(payload, metadata, caller.permissions(), traceparent);
  }
}

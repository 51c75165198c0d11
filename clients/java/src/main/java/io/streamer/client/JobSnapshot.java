package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.internal.Names;
import io.streamer.client.internal.Problem;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * How a job stands, as the server says.
 *
 * @param json all of it
 */
public record JobSnapshot(JsonNode json) {
  private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled", "timed_out");

  /** The job's id. */
  public String jobId() {
    return json.path("job_id").asText();
  }

  /** The id of the request that made it. */
  public String requestId() {
    return json.path("request_id").asText();
  }

  /** The name of its action. */
  public String action() {
    return json.path("action").asText();
  }

  /**
   * {@code waiting}, {@code queued}, {@code running}, {@code retrying}, {@code succeeded}, {@code
   * failed}, {@code cancelled} or {@code timed_out}; later servers may have more.
   */
  public String status() {
    return json.path("status").asText();
  }

  /** Whether {@link #status} is one that a job does not leave. */
  public boolean ended() {
    return ENDED.contains(status());
  }

  /** 0 to 100. */
  public double percentage() {
    return json.path("percentage").asDouble();
  }

  /** What its handler last said of its progress; empty before that. */
  public String message() {
    return json.path("message").asText();
  }

  /** The number of the newest frame of the job that the server knows of. */
  public long seq() {
    return json.path("seq").asLong();
  }

  /** Which attempt it is, from 1; 0 before the first. */
  public int attempt() {
    return json.path("attempt").asInt();
  }

  /** When it was accepted, by the server's clock, to the millisecond. */
  public Instant createdAt() {
    return Instant.ofEpochMilli(Math.round(json.path("created_at").asDouble() * 1000));
  }

  /** What a job that succeeded gave, unless it is a large one. */
  public Optional<JsonNode> result() {
    return Optional.ofNullable(json.get("result"));
  }

  /** Where a large result lies: a plain GET fetches it, for as long as the deployment says. */
  public Optional<String> resultUrl() {
    return json.path("result_url").isTextual()
        ? Optional.of(json.path("result_url").asText())
        : Optional.empty();
  }

  /** What a job ended with that did not succeed. */
  public Optional<StreamerException> error() {
    return json.path("error").isObject()
        ? Optional.of(
            new StreamerException(Problem.of(json.path("error")), new Names(requestId(), jobId())))
        : Optional.empty();
  }
}

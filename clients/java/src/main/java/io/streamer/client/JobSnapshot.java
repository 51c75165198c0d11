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

  public String jobId() {
    return json.path("job_id").asText();
  }

  public String requestId() {
    return json.path("request_id").asText();
  }

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

  public boolean ended() {
    return ENDED.contains(status());
  }

  /** 0 to 100. */
  public double percentage() {
    return json.path("percentage").asDouble();
  }

  public String message() {
    return json.path("message").asText();
  }

  public long seq() {
    return json.path("seq").asLong();
  }

  /** 0 before the first. */
  public int attempt() {
    return json.path("attempt").asInt();
  }

  public Instant createdAt() {
    return Instant.ofEpochMilli(Math.round(json.path("created_at").asDouble() * 1000));
  }

  /** What a job that succeeded gave, unless it is a large one. */
  public Optional<JsonNode> result() {
    return Optional.ofNullable(json.get("result"));
  }

  /** Where a large result lies. */
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

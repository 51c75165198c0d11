package io.streamer.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamer.client.internal.Json;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a request is made. */
public final class RequestOptions extends FollowOptions<RequestOptions> {
  private static final int LONGEST_ID = 128;

  @Nullable String id;
  Retry retry = Retry.NEVER;
  private Map<String, String> metadata = Map.of();
  private @Nullable String traceparent;
  private @Nullable Integer priority;
  private @Nullable Duration delay;
  private @Nullable Duration deadline;
  @Nullable OnDisconnect onDisconnect;
  @Nullable Duration wait;
  @Nullable Duration answer;

  @Override
  RequestOptions self() {
    return this;
  }

  /**
   * The same id, action and payload are one job. It has 1 to 128 characters; a fresh one unless
   * said.
   */
  public RequestOptions id(String newId) {
    // the server does not repeat one that breaks the rule, so nobody would hear of it
    if (newId.isEmpty() || newId.length() > LONGEST_ID) {
      throw new IllegalArgumentException(
          "an id has 1 to " + LONGEST_ID + " characters, not " + newId.length());
    }
    id = newId;
    return this;
  }

  /** What becomes of it if its answer is lost; {@link Retry#NEVER} unless said. */
  public RequestOptions retry(Retry how) {
    retry = how;
    return this;
  }

  /**
   * Texts that go with the request, as its handler reads them: up to 32 of up to 1,024 characters,
   * with names of 1 to 64. Beyond that the request fails with {@code VALIDATION_ERROR}.
   */
  public RequestOptions metadata(Map<String, String> texts) {
    metadata = Map.copyOf(texts);
    return this;
  }

  /** The W3C trace context that the request's spans join: {@code 00-…-…-01}. */
  public RequestOptions traceparent(String context) {
    traceparent = context;
    return this;
  }

  /** Reserved: servers take 0 alone so far. */
  public RequestOptions priority(int among) {
    priority = among;
    return this;
  }

  /** From acceptance to the earliest start, up to 30 days; counted in milliseconds. */
  public RequestOptions delay(Duration least) {
    delay = least;
    return this;
  }

  /**
   * From acceptance to the job's end, up to 30 days and longer than the delay; counted in
   * milliseconds. A job that has not ended by then fails with {@code TIMEOUT}.
   */
  public RequestOptions deadline(Duration most) {
    deadline = most;
    return this;
  }

  /** What becomes of the job if this client goes away; {@link OnDisconnect#KEEP} unless said. */
  public RequestOptions onDisconnect(OnDisconnect what) {
    onDisconnect = what;
    return this;
  }

  /** How long it waits for a connection; as the client says unless said. */
  public RequestOptions waitTime(Duration most) {
    wait = most;
    return this;
  }

  /** How long it waits for an answer or an acknowledgment; as the client says unless said. */
  public RequestOptions answerTime(Duration most) {
    answer = most;
    return this;
  }

  void into(ObjectNode frame) {
    if (!metadata.isEmpty()) {
      var texts = frame.putObject("metadata");
      metadata.forEach(texts::put);
    }
    if (traceparent != null) {
      frame.put("traceparent", traceparent);
    }
    var limits = Json.object();
    if (priority != null) {
      limits.put("priority", priority);
    }
    if (delay != null) {
      limits.put("delay_ms", delay.toMillis());
    }
    if (deadline != null) {
      limits.put("deadline_ms", deadline.toMillis());
    }
    if (onDisconnect != null) {
      limits.put("on_disconnect", onDisconnect.wire());
    }
    if (!limits.isEmpty()) {
      frame.set("options", limits);
    }
  }
}

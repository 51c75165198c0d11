package io.streamer.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamer.client.internal.Names;
import io.streamer.client.internal.Problem;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one type of error that this library fails with. */
public final class StreamerException extends RuntimeException {
  /** By the caller. */
  public static final String ABORTED = "ABORTED";

  /** By the caller: the job goes on. */
  public static final String CLIENT_CLOSED = "CLIENT_CLOSED";

  /** The connection was cut before an answer, or for good: what was asked may have been done. */
  public static final String CONNECTION_LOST = "CONNECTION_LOST";

  /** More events came than are kept for a reader. */
  public static final String EVENTS_LOST = "EVENTS_LOST";

  /** No connection in time: nothing was sent. */
  public static final String NOT_CONNECTED = "NOT_CONNECTED";

  /** A message over the connection's limit: nothing was sent. The server has this code, too. */
  public static final String PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE";

  /** A large result over the limit. */
  public static final String RESULT_TOO_LARGE = "RESULT_TOO_LARGE";

  /** A result that could not be fetched, or is not of the type that was asked for. */
  public static final String RESULT_UNAVAILABLE = "RESULT_UNAVAILABLE";

  /** 1,000 requests wait for a connection already. */
  public static final String TOO_MANY_WAITING = "TOO_MANY_WAITING";

  private static final long serialVersionUID = 1;

  private final transient Problem problem;
  private final transient Names names;

  StreamerException(Problem problem, Names names) {
    this(problem, names, null);
  }

  StreamerException(Problem problem, Names names, @Nullable Throwable cause) {
    super(problem.code() + ": " + problem.message(), cause);
    this.problem = problem;
    this.names = names;
  }

  /** The server's error code, or one of this class. */
  public String code() {
    return problem.code();
  }

  /** What the server says, without the code. */
  public String reason() {
    return problem.message();
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return problem.retryable();
  }

  /** After which time it may, where the server says so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(problem.retryAfter()).map(Duration::ofMillis);
  }

  /**
   * What the server adds, such as the fields of a {@code VALIDATION_ERROR}: an object, maybe empty.
   */
  public JsonNode details() {
    return problem.details();
  }

  /** The request that it is about, if it is about one. */
  public Optional<String> requestId() {
    return Optional.ofNullable(names.requestId());
  }

  /** The job that it is about, if the request had become one. */
  public Optional<String> jobId() {
    return Optional.ofNullable(names.jobId());
  }

  /** Finds the line in the server's log. */
  public Optional<String> errorId() {
    var id = problem.details().path("error_id");
    return id.isTextual() ? Optional.of(id.asText()) : Optional.empty();
  }

  /**
   * The work may have been done, or be under way: only the same id makes sure that it is done once.
   */
  public boolean mayHaveStarted() {
    return problem.details().path("may_have_started").asBoolean();
  }
}

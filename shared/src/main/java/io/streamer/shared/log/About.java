package io.streamer.shared.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * What a line of the log is about. A log of JSON has it as fields of their own, so that all lines
 * of a request, a job, a connection or a tenant are found by an id, in gateways and workers alike.
 * It is made where a line is said, and nothing carries it along by itself. No payload, token or
 * secret belongs in it.
 *
 * @param request as its client named it, or the gateway for it; unique with its connection
 */
public record About(
    @Nullable String tenant,
    @Nullable String connection,
    @Nullable String request,
    @Nullable String action,
    @Nullable String job) {
  private static final About NOTHING = new About(null, null, null, null, null);

  /** About a connection. */
  public static About connectionOf(@Nullable String tenant, String connection) {
    return new About(tenant, connection, null, null, null);
  }

  /** About a job of which no more than its id is known. */
  public static About jobOf(String job) {
    return NOTHING.job(job);
  }

  /** About an action's handler, whoever calls it. */
  public static About actionOf(String action) {
    return NOTHING.action(action);
  }

  public About tenant(String owner) {
    return new About(owner, connection, request, action, job);
  }

  public About request(@Nullable String id) {
    return new About(tenant, connection, id, action, job);
  }

  public About action(String name) {
    return new About(tenant, connection, request, name, job);
  }

  public About job(String id) {
    return new About(tenant, connection, request, action, id);
  }

  /**
   * A line about this; what is known is cut to 200 characters without control characters, as a
   * client chooses its requests' ids. Does nothing if the line is not to be said.
   */
  public LoggingEventBuilder in(LoggingEventBuilder line) {
    if (line instanceof NOPLoggingEventBuilder) {
      return line;
    }
    return with(
        with(
            with(with(with(line, "tenant", tenant), "connection", connection), "request", request),
            "action",
            action),
        "job",
        job);
  }

  private static LoggingEventBuilder with(
      LoggingEventBuilder line, String field, @Nullable String value) {
    return value == null ? line : line.addKeyValue(field, Abridged.text(value));
  }
}

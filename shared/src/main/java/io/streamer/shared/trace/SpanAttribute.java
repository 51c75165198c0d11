package io.streamer.shared.trace;

/**
 * Every attribute of a span. None is about a tenant, a user or a connection, or has anything of a
 * payload, a result or a token.
 */
public enum SpanAttribute {
  ACTION("streamer.action", "the action's name"),
  JOB("streamer.job", "the job's id"),
  ATTEMPT("streamer.attempt", "the job's attempt, from 1"),
  STATUS("streamer.status", "the job's status, as this span left it"),
  ERROR("error.type", "an error code, or the class of what was thrown; its span has failed");

  private final String title;
  private final String meaning;

  SpanAttribute(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  /** The name that it has in a trace. */
  public String title() {
    return title;
  }

  public String meaning() {
    return meaning;
  }
}

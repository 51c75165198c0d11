package io.streamer.shared.trace;

/** Every span there is. Its name in a trace is the title and the action: {@code run report}. */
public enum SpanName {
  RECEIVE(
      "receive",
      Kind.SERVER,
      "gateway",
      "the client's span, if its request has a `traceparent`",
      "a request to a known action that its caller may use, from its frame to its answer; a job's"
          + " answer is its acknowledgment"),
  HANDLE(
      "handle",
      Kind.INTERNAL,
      "gateway, worker",
      "`receive` or `run`",
      "the handler on its thread; spans of its own are below it"),
  STORE(
      "store",
      Kind.CLIENT,
      "gateway",
      "`receive`",
      "the write that makes the request a job, and the wait for it"),
  DISPATCH(
      "dispatch",
      Kind.PRODUCER,
      "stream function",
      "`receive`",
      "the job's function is invoked because its row asks for that"),
  RUN(
      "run",
      Kind.CONSUMER,
      "worker",
      "`dispatch`; `receive` where the stream function records nothing",
      "one run of a job, from its claim until its end is told; linked to the run before, if there"
          + " is one, and to Lambda's own trace"),
  START(
      "start",
      Kind.PRODUCER,
      "gateway",
      "`receive`",
      "a job is started that was delayed, is tried again, has lost its worker, or was not started"
          + " in time; linked to the run before"),
  PUSH(
      "push",
      Kind.CLIENT,
      "worker, gateway",
      "`run`; `receive` where no worker has ended the job",
      "the job's last frame on its way to its owner's connection, each try");

  /** On which side of a call a span is, in OpenTelemetry's terms. */
  public enum Kind {
    INTERNAL,
    SERVER,
    CLIENT,
    PRODUCER,
    CONSUMER
  }

  private final String title;
  private final Kind kind;
  private final String where;
  private final String parent;
  private final String meaning;

  SpanName(String title, Kind kind, String where, String parent, String meaning) {
    this.title = title;
    this.kind = kind;
    this.where = where;
    this.parent = parent;
    this.meaning = meaning;
  }

  /** The first word of its name. */
  public String title() {
    return title;
  }

  public Kind kind() {
    return kind;
  }

  /** Which processes have it. */
  public String where() {
    return where;
  }

  /** What it stands below. */
  public String parent() {
    return parent;
  }

  public String meaning() {
    return meaning;
  }
}

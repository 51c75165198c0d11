package io.streamer.shared.signal;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Every metric of Streamer's own. None has a tenant, a user, a connection or a job as a label: the
 * number of series is what the labels' values say, whoever connects.
 */
public enum Metric {
  SOCKETS("streamer.sockets", Kind.GAUGE, "sockets", "sockets open at the direct door"),
  HANDSHAKES(
      "streamer.handshakes",
      Kind.COUNTER,
      "handshakes",
      "handshakes at both doors: `opened`, `refused` by the client's fault (a 4xx), `unavailable`"
          + " by ours (a 5xx)",
      "outcome",
      "opened",
      "refused",
      "unavailable"),
  FRAMES(
      "streamer.frames",
      Kind.COUNTER,
      "frames",
      "messages from clients at both doors, and messages to them that this task wrote itself",
      "direction",
      "in",
      "out"),
  ANSWERS(
      "streamer.answers",
      Kind.COUNTER,
      "requests",
      "requests answered on the spot: `ok` with a response or an acknowledgment, `unavailable`"
          + " where the error is our fault (SERVICE_UNAVAILABLE, INTERNAL_ERROR), `error` else",
      "outcome",
      "ok",
      "error",
      "unavailable"),
  ANSWER_TIME(
      "streamer.answer.time",
      Kind.TIMER,
      "seconds",
      "from a request's frame to its answer, as measured in this task"),
  BUFFERED(
      "streamer.buffered",
      Kind.GAUGE,
      "bytes",
      "kept for this task's sockets: frames on their way out, and what came in and is not handled"
          + " yet; changes of a socket's below 4 KB are left out"),
  BUFFERED_MOST(
      "streamer.buffered.most", Kind.GAUGE, "bytes", "the most of that which one socket has"),
  DRAIN(
      "streamer.drain",
      Kind.GAUGE,
      "seconds",
      "for how long this task has been sending its clients away, because it stops; 0 while it does"
          + " not"),
  DRAIN_TOLD(
      "streamer.drain.told", Kind.GAUGE, "connections", "sockets that were told `goaway` for that"),
  IN_FLIGHT("streamer.in.flight", Kind.GAUGE, "requests", "frames that wait for their answer"),
  WAITING(
      "streamer.waiting",
      Kind.GAUGE,
      "requests",
      "requests that wait for a place of their action (`concurrency`)"),
  ACCEPTED(
      "streamer.jobs.accepted",
      Kind.COUNTER,
      "jobs",
      "jobs acknowledged: `queued` for a worker, `running` where an answer took too long",
      "status",
      "queued",
      "running"),
  PUSHES(
      "streamer.pushes",
      Kind.COUNTER,
      "pushes",
      "frames pushed to connections of other tasks and of API Gateway: `delivered`, `gone` where"
          + " there is no such connection any more, `failed` else",
      "outcome",
      "delivered",
      "gone",
      "failed"),
  DUE(
      "streamer.due",
      Kind.GAUGE,
      "jobs",
      "jobs whose time to be looked at had come, at this task's last look at its parts"),
  DUE_AGE(
      "streamer.due.age",
      Kind.GAUGE,
      "seconds",
      "how long the oldest of them had been due, at that look"),
  STORE_CALLS(
      "streamer.store.calls",
      Kind.COUNTER,
      "calls",
      "requests to DynamoDB: `ok`, `unavailable` where it did not answer in time or throttled",
      "outcome",
      "ok",
      "unavailable"),
  STORE_TIME(
      "streamer.store.time", Kind.TIMER, "seconds", "a request to DynamoDB, attempts included"),
  STORE_WAIT(
      "streamer.store.wait",
      Kind.TIMER,
      "seconds",
      "how long what a client asked of DynamoDB waited for its turn; what need not wait is not"
          + " counted"),
  TOLD_TIME(
      "streamer.told.time",
      Kind.TIMER,
      "seconds",
      "from the end of a job to the moment its owner's connection took its last frame, of jobs that"
          + " this task has ended, and of those that it told because nobody else had"),
  LOOP_LAG(
      "streamer.loop.lag",
      Kind.GAUGE,
      "seconds",
      "the longest that an event loop was late within the last minute"),
  HEAP("streamer.heap", Kind.GAUGE, "bytes", "the heap in use"),
  JOB_START(
      "streamer.job.start",
      Kind.LINE,
      "milliseconds",
      "from a job's submit to the worker's claim of its first attempt"),
  JOB_FIRST_PROGRESS(
      "streamer.job.first.progress",
      Kind.LINE,
      "milliseconds",
      "from a job's submit to its first progress"),
  JOB_TIME("streamer.job.time", Kind.LINE, "milliseconds", "from a job's submit to its end"),
  JOB_TOLD(
      "streamer.job.told",
      Kind.LINE,
      "milliseconds",
      "from a job's end to the moment its owner's connection took its last frame"),
  JOBS_TOLD(
      "streamer.jobs.told",
      Kind.LINE,
      "jobs",
      "jobs that a worker ended while their owner was connected: `in_time` if its connection took"
          + " the last frame within 5 s, `late` else, or if the worker had to leave that to a"
          + " gateway",
      "told",
      "in_time",
      "late"),
  JOBS_ENDED(
      "streamer.jobs.ended",
      Kind.LINE,
      "jobs",
      "jobs that a worker brought to an end, by their status",
      "status",
      "succeeded",
      "failed",
      "cancelled"),
  RUNS(
      "streamer.runs",
      Kind.LINE,
      "runs",
      "attempts that a worker finished: `ended`, `retried` later, `continued` in another"
          + " invocation, `left` to others",
      "outcome",
      "ended",
      "retried",
      "continued",
      "left");

  /** How it is counted. */
  public enum Kind {
    /** A level that is read now and then. */
    GAUGE,
    /** A count that only grows. */
    COUNTER,
    /** A count with the sum and the largest of what took time. */
    TIMER,
    /** A value in a line of a function's log, in CloudWatch's embedded metric format. */
    LINE
  }

  private static final Set<Metric> IN_CLOUDWATCH =
      EnumSet.of(
          SOCKETS,
          HANDSHAKES,
          FRAMES,
          ANSWERS,
          ANSWER_TIME,
          ACCEPTED,
          PUSHES,
          DUE_AGE,
          STORE_CALLS,
          LOOP_LAG,
          HEAP);

  private final String title;
  private final Kind kind;
  private final String unit;
  private final String meaning;
  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
  private final List<String> values;

  Metric(String title, Kind kind, String unit, String meaning) {
    this(title, kind, unit, meaning, "");
  }

  Metric(String title, Kind kind, String unit, String meaning, String label, String... values) {
    this.title = title;
    this.kind = kind;
    this.unit = unit;
    this.meaning = meaning;
    this.label = label;
    this.values = List.of(values);
  }

  /** Its name, in words with dots between them. */
  public String title() {
    return title;
  }

  public Kind kind() {
    return kind;
  }

  /** What is counted, or the base unit of what is measured. */
  public String unit() {
    return unit;
  }

  public String meaning() {
    return meaning;
  }

  /** The name of its label; empty if it has none. */
  public String label() {
    return label;
  }

  /** All values that its label takes. */
  public List<String> labelValues() {
    return values;
  }

  /**
   * Whether it is among what goes to CloudWatch, once there is a namespace for that; else it is on
   * the gateway's page alone. There a timer costs as four series each month, all others as one for
   * each value of their label, so that the list of a gateway's is short.
   */
  public boolean inCloudWatch() {
    return kind == Kind.LINE || IN_CLOUDWATCH.contains(this);
  }
}

package io.streamer.cli.cost;

/**
 * What one of each thing uses, as it follows from what the code does with the settings' defaults.
 * {@link JobUse} has what a job asks of the tables.
 */
final class Units {
  /** Of the job function, and of the stream function if no two jobs come at once. */
  static final double JOB_INVOCATIONS = 2;

  /** What a frame has around a payload, a result or an event. */
  static final double FRAME_KB = 0.3;

  /** A frame of progress, as it is sent; and one with a result's URL. */
  static final double PROGRESS_KB = 1;

  static final double URL_FRAME_KB = 1.5;

  /** The stream function's, of 512 MB for 20 ms. */
  static final double STREAM_GB_SECONDS = 0.01;

  /** One that is pushed through API Gateway leaves the VPC by a NAT, as an HTTPS call. */
  static final double PUSH_KB = 2;

  /** Its row and two index entries; and the same when it ends. */
  static final double CONNECTION_WRITES = 6;

  /** A quarter of an hour apart; index entries stay. */
  static final double API_TOUCHES_PER_HOUR = 4;

  /** A minute apart while frames go either way, an hour apart otherwise. */
  static final double BUSY_TOUCHES_PER_HOUR = 60;

  static final double IDLE_TOUCHES_PER_HOUR = 1;

  /** A ping each four minutes, and its pong. */
  static final double API_HEARTBEATS_PER_HOUR = 30;

  /** A task reads the row where it has not read it for a minute, strongly consistent. */
  static final double API_READS_PER_HEARTBEAT = 1;

  /** API Gateway's access log has a line for each of a client's messages, and for its two ends. */
  static final double ACCESS_LINE_KB = 0.25;

  /** What one LCU of a load balancer has. */
  static final double CONNECTIONS_PER_LCU = 3_000;

  /** API Gateway counts messages by it. */
  static final double MESSAGE_KB = 32;

  /** The search for due jobs, of all tasks together: 16 parts, half a read unit each, a second. */
  static final double DUE_READS_PER_SECOND = 8;

  /** A task's heartbeat each 10 s. */
  static final double BEAT_WRITES_PER_SECOND = 0.1;

  /** That the gateways send to CloudWatch, and that the alarms of the module look at. */
  static final double GATEWAY_METRICS = 23;

  /** One a minute has all of a task's. */
  static final double METRIC_CALLS_PER_HOUR = 60;

  static final double WORKER_METRICS = 10;
  static final double ALARMS = 65;
  static final double COMPOSITE_ALARMS = 4;

  private Units() {}

  /** How many messages API Gateway counts for a text. */
  static double messages(double kilobytes) {
    return Math.max(1, Math.ceil(kilobytes / MESSAGE_KB));
  }
}

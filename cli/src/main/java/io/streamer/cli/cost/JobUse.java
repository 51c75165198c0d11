package io.streamer.cli.cost;

/**
 * What one job asks of the tables, by what it does. A test has the tables count the same.
 *
 * @param seconds that a worker has it
 * @param progress reports, evenly spread
 * @param payloadKb of its request's payload as JSON
 * @param resultKb of its result as JSON
 * @param inlineKb up to which a result is in the tables; a larger one lies in the bucket
 * @param events that it emits, evenly spread
 * @param eventKb of one
 * @param checkpoints that it stores, steps included
 * @param checkpointKb of one
 */
public record JobUse(
    double seconds,
    double progress,
    double payloadKb,
    double resultKb,
    double inlineKb,
    double events,
    double eventKb,
    double checkpoints,
    double checkpointKb) {
  /** A result may be in the tables up to here. */
  public static final double MOST_INLINE_KB = 100;

  /** Its submit and the entry in the index of due jobs, claim, end, and that entry's end. */
  private static final double WRITES = 6;

  private static final double WRITES_OF_A_LOOK = 3;
  private static final double READS_OF_A_LOOK = 1;
  private static final double LOOK_SECONDS = 60;
  private static final double RENEW_SECONDS = 20;
  private static final double KEEP_SECONDS = 3;
  private static final double GROUP_SECONDS = 0.25;

  /** A worker reads the row in each second, eventually consistent. */
  private static final double READS_PER_SECOND = 0.5;

  /** Until that size a payload stands in the job's row. */
  private static final double PAYLOAD_KB_IN_ROW = 0.2;

  /** And a result, with the payload that is there. */
  private static final double RESULT_KB_IN_ROW = 0.5;

  private static final double READ_KB = 4;

  /** The row's own. */
  private static final double ROW_KB = 0.5;

  /** The keys and the name of what stands beside the row. */
  private static final double BESIDE_KB = 0.12;

  /** Until a job's data may go that is written before its end is known. */
  private static final double MARGIN_DAYS = 30;

  private static final double DAYS_PER_MONTH = 30;

  /** Write units from submit to end. */
  public double writes() {
    double groups = groups();
    return WRITES
        + Math.max(Math.max(kept(), groups + checkpoints), Math.floor(seconds / RENEW_SECONDS))
        + WRITES_OF_A_LOOK * Math.floor(seconds / LOOK_SECONDS)
        + (payloadApart() ? units(payloadKb) : 0)
        + (resultInTables() && !resultInRow() ? units(resultKb) : 0)
        + (groups == 0 ? 0 : groups * units(events / groups * eventKb))
        + checkpoints * units(checkpointKb);
  }

  /** Read units, at most. */
  public double reads() {
    return 1
        + READS_PER_SECOND * seconds
        + READS_OF_A_LOOK * Math.floor(seconds / LOOK_SECONDS)
        + (payloadApart() ? Math.ceil((payloadKb + BESIDE_KB) / READ_KB) : 0);
  }

  /** Whether its result lies in the bucket. */
  public boolean resultInBucket() {
    return !resultInTables();
  }

  /**
   * KB that lie in the tables for a month of 30 days.
   *
   * @param days that a job is kept after its end
   */
  double kbMonths(double days) {
    double inRow = ROW_KB + (payloadApart() ? 0 : payloadKb);
    double atEnd = resultInTables() ? resultKb : 0;
    double before =
        (payloadApart() ? payloadKb : 0) + events * eventKb + checkpoints * checkpointKb;
    return ((inRow + atEnd) * days + before * (days + MARGIN_DAYS)) / DAYS_PER_MONTH;
  }

  /** Each report where they are seldom; else the first, and one each three seconds. */
  private double kept() {
    return progress <= seconds ? progress : 1 + Math.floor(seconds / KEEP_SECONDS);
  }

  private double groups() {
    return Math.min(events, 1 + Math.floor(seconds / GROUP_SECONDS));
  }

  private boolean payloadApart() {
    return payloadKb > PAYLOAD_KB_IN_ROW;
  }

  private boolean resultInTables() {
    return resultKb <= inlineKb;
  }

  private boolean resultInRow() {
    return (payloadApart() ? 0 : payloadKb) + resultKb <= RESULT_KB_IN_ROW;
  }

  private static double units(double kilobytes) {
    return Math.ceil(kilobytes + BESIDE_KB);
  }
}

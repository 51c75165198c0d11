package io.streamer.test.stage;

import io.streamer.local.Stage;
import io.streamer.local.apigateway.DisconnectFault;

/** What a test lets go wrong on its stage, as AWS may let it. */
public final class StageFaults {
  private final Stage stage;

  StageFaults(Stage stage) {
    this.stage = stage;
  }

  /**
   * Ends every run of the job function as if its process had died. A handler's thread in it is
   * interrupted and left to itself.
   *
   * @return how many runs there were
   */
  public int killWorkers() {
    return stage.lambda().kill(stage.settings().getOrDefault("STREAMER_JOB_FUNCTION", ""));
  }

  /** The next {@code count} jobs are given to the job function twice, as Lambda may do. */
  public void deliverTwice(int count) {
    stage.lambda().deliverTwice(count);
  }

  /** The next {@code count} batches of the table's stream are given to their function again. */
  public void repeatStreamBatches(int count) {
    stage.pump().faults().loseAnswers(count);
  }

  /** Loses, repeats or delays API Gateway's {@code $disconnect} of sockets that end from now on. */
  public void disturbDisconnect(DisconnectFault fault) {
    stage.api().disturbDisconnect(fault);
  }
}

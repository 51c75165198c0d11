package io.streamer.test.stage;

import io.streamer.local.Stage;
import io.streamer.local.fault.Fault;
import io.streamer.local.fault.FaultRule;
import io.streamer.local.fault.When;

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
    return stage.killWorkers().size();
  }

  /** The next {@code count} jobs are given to the job function twice, as Lambda may do. */
  public void deliverTwice(int count) {
    stage.faults().add(FaultRule.invoke(jobFunction(), When.first(count), new Fault.Duplicate()));
  }

  /** The next {@code count} batches of the table's stream are given to their function again. */
  public void repeatStreamBatches(int count) {
    stage.faults().add(FaultRule.stream(When.first(count), new Fault.LoseAnswer()));
  }

  /** The next {@code count} {@code $disconnect} of API Gateway are lost, as AWS may lose them. */
  public void loseDisconnects(int count) {
    stage.faults().add(FaultRule.disconnect(When.first(count), new Fault.Drop()));
  }

  private String jobFunction() {
    return stage.settings().getOrDefault("STREAMER_JOB_FUNCTION", "");
  }
}

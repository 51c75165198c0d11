package io.streamer.test.stage;

import io.streamer.emulator.fault.Door;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.FaultRule.Requests;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.When;
import io.streamer.local.stage.Stage;
import java.time.Duration;

/**
 * What a test lets go wrong on its stage, as AWS may let it. What counts occasions counts them over
 * the whole stage; {@link #clear} ends all of it.
 */
public final class StageFaults {
  private final Stage stage;

  StageFaults(Stage stage) {
    this.stage = stage;
  }

  /**
   * Ends every run of the job function as if its process had died: nothing of it is written or
   * pushed any more. A handler's thread in it is interrupted and left to itself.
   *
   * @return how many runs there were
   */
  public int killWorkers() {
    return stage.killWorkers().size();
  }

  /** Ends the run of this job in the same way; false if none is under way. */
  public boolean killWorker(StageRequest job) {
    return stage.killWorker(job.jobId());
  }

  /**
   * Ends the gateway as if its process had died; returns when another one takes its place. Sockets
   * of the direct door are cut, those of API Gateway stay.
   */
  public void killGateway() {
    stage.killGateway();
  }

  /** Cuts all sockets of both doors, without a close frame; how many there were. */
  public int cutSockets() {
    return stage.cutSockets(Door.DIRECT) + stage.cutSockets(Door.API_GATEWAY);
  }

  /** DynamoDB refuses the next {@code count} requests for want of capacity. */
  public void throttleStore(int count) {
    all().add(FaultRule.store(Requests.ANY, When.first(count), new Fault.Throttle()));
  }

  /** DynamoDB answers nothing for this long, from its next request on. */
  public void pauseStore(Duration length) {
    all().add(FaultRule.store(Requests.ANY, When.first(1), new Fault.Pause(length)));
  }

  /** DynamoDB does the next {@code count} requests, and the answers are lost. */
  public void loseStoreAnswers(int count) {
    all().add(FaultRule.store(Requests.ANY, When.first(count), new Fault.LoseAnswer()));
  }

  /** Lambda accepts the next {@code count} jobs and never runs them. */
  public void loseInvokes(int count) {
    all().add(FaultRule.invoke(jobFunction(), When.first(count), new Fault.Lose()));
  }

  /** The next {@code count} jobs are given to the job function twice, as Lambda may do. */
  public void deliverTwice(int count) {
    all().add(FaultRule.invoke(jobFunction(), When.first(count), new Fault.Duplicate()));
  }

  /** The next {@code count} batches of the table's stream are given to their function again. */
  public void repeatStreamBatches(int count) {
    all().add(FaultRule.stream(When.first(count), new Fault.LoseAnswer()));
  }

  /**
   * The next {@code count} pushes to either door are answered with this status, and not delivered.
   *
   * @param status 410, 429 or 500 to 599
   */
  public void answerPushes(int status, int count) {
    all().add(FaultRule.push(When.first(count), new Fault.Status(status)));
  }

  /** The next {@code count} {@code $disconnect} of API Gateway are lost, as AWS may lose them. */
  public void loseDisconnects(int count) {
    all().add(FaultRule.disconnect(When.first(count), new Fault.Drop()));
  }

  /** Nothing goes wrong any more. */
  public void clear() {
    all().clear();
  }

  /** Everything else: rules with chances and windows of time, and traps at exact writes. */
  public Faults all() {
    return stage.faults();
  }

  private String jobFunction() {
    return stage.settings().getOrDefault("STREAMER_JOB_FUNCTION", "");
  }
}

package io.streamer.local.stage;

import static io.streamer.local.stage.StageParts.await;

import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.fault.Sender;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.streamer.local.feed.StageControl;
import java.util.List;
import java.util.function.Predicate;

/** What is done to a stage while it runs. */
final class StageControls implements StageControl {
  private final Sandboxes sandboxes;
  private final LambdaEndpoint lambda;
  private final Faults faults;
  private FaultPlan off = FaultPlan.NONE;

  StageControls(Sandboxes sandboxes, Cloud cloud) {
    this.sandboxes = sandboxes;
    this.lambda = cloud.lambda();
    this.faults = cloud.faults();
  }

  @Override
  public List<String> running() {
    return sandboxes.running().stream().map(Sandboxes.Running::job).toList();
  }

  @Override
  public boolean killWorker(String job) {
    return !killWorkers(run -> run.job().equals(job)).isEmpty();
  }

  /** Ends the workers of these runs; when this returns, nothing of them is written or pushed. */
  List<String> killWorkers(Predicate<Sandboxes.Running> which) {
    var doomed = sandboxes.running().stream().filter(which).toList();
    doomed.forEach(run -> lambda.killRun(run.requestId()));
    doomed.forEach(run -> await(run.sender().kill()));
    return doomed.stream().map(Sandboxes.Running::job).toList();
  }

  /** Ends the run of a worker that is dead. */
  void cut(Sender worker) {
    sandboxes.of(worker).ifPresent(run -> lambda.killRun(run.requestId()));
  }

  @Override
  public synchronized int faultRules() {
    return (faultsOn() ? faults.plan() : off).rules().size();
  }

  @Override
  public synchronized boolean faultsOn() {
    return !faults.plan().rules().isEmpty();
  }

  /** Others that are set while they are off count at once. */
  @Override
  public synchronized void faults(boolean on) {
    if (on && !faultsOn()) {
      faults.set(off);
    } else if (!on && faultsOn()) {
      off = faults.plan();
      faults.clear();
    }
  }
}

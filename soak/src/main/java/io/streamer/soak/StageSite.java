package io.streamer.soak;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.emulator.fault.WriteMoment;
import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import io.streamer.local.token.DevKey;
import io.streamer.local.token.TokenClaims;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A stage in this process, where everything that can fail does, as the seed has it. */
public final class StageSite implements Site {
  private static final String JOB_FUNCTION = "streamer-job";
  private static final Duration TOKEN = Duration.ofDays(2);

  private final DevKey key;
  private final Stage stage;
  private final FaultPlan plan;

  /**
   * Starts a stage.
   *
   * @param faults whether anything fails at all
   */
  public StageSite(Path home, Path ledger, long seed, boolean faults) {
    this.key = DevKey.at(home);
    this.plan = faults ? plan(seed) : FaultPlan.NONE;
    this.stage =
        Stage.start(
            StageOptions.at(home)
                .modules(List.of(new SoakActions()))
                .settings(SoakActions.settings(ledger)));
  }

  Stage stage() {
    return stage;
  }

  /** Everything that can go wrong, each now and then. */
  private static FaultPlan plan(long seed) {
    var any = FaultRule.Requests.ANY;
    return FaultPlan.of(
        seed,
        FaultRule.store(any, When.chance(0.01), new Fault.Throttle()),
        FaultRule.store(any, When.chance(0.003), new Fault.Fail()),
        FaultRule.store(any, When.chance(0.01), new Fault.LoseAnswer()),
        FaultRule.store(any, When.chance(0.01), new Fault.Delay(Duration.ofMillis(300))),
        // first, as its turn comes seldom and another would take it; each shard more makes every
        // write to DynamoDB Local slower
        FaultRule.stream(When.nth(200), new Fault.Split()),
        FaultRule.stream(When.every(3_000), new Fault.Split()),
        FaultRule.stream(When.chance(0.05), new Fault.Drop()),
        FaultRule.stream(When.chance(0.05), new Fault.Duplicate()),
        FaultRule.stream(When.chance(0.05), new Fault.Reorder()),
        FaultRule.stream(When.chance(0.02), new Fault.Delay(Duration.ofSeconds(1))),
        FaultRule.invoke(JOB_FUNCTION, When.chance(0.05), new Fault.Lose()),
        FaultRule.invoke(JOB_FUNCTION, When.chance(0.05), new Fault.Duplicate()),
        FaultRule.push(When.chance(0.02), new Fault.Status(429)),
        FaultRule.push(When.chance(0.02), new Fault.Status(503)),
        FaultRule.push(When.chance(0.002), new Fault.Status(410)),
        FaultRule.push(When.chance(0.01), new Fault.LoseAnswer()),
        FaultRule.cut(io.streamer.emulator.fault.Door.DIRECT, When.chance(0.003)),
        FaultRule.cut(io.streamer.emulator.fault.Door.API_GATEWAY, When.chance(0.003)),
        FaultRule.disconnect(When.chance(0.1), new Fault.Drop()),
        FaultRule.killWorker(any, When.chance(0.003), WriteMoment.BEFORE),
        FaultRule.killWorker(any, When.chance(0.003), WriteMoment.BEHIND),
        FaultRule.killGateway(any, When.every(3_000), WriteMoment.BEHIND));
  }

  @Override
  public List<Door> doors() {
    return List.of(new Door(stage.direct(), true), new Door(stage.apiGateway(), false));
  }

  @Override
  public URI dynamo() {
    return stage.dynamo();
  }

  @Override
  public String tablePrefix() {
    return stage.tablePrefix();
  }

  @Override
  public String token(String user, String tenant) {
    return key.sign(TokenClaims.of(user, tenant, List.of(), TOKEN, Instant.now()).all());
  }

  @Override
  public void begin() {
    stage.faults().set(plan);
  }

  @Override
  public void end() {
    stage.faults().clear();
  }

  @Override
  public Map<String, Long> counts() {
    var counts = new TreeMap<String, Long>();
    plan.rules().forEach(rule -> counts.put(rule.at() + " " + rule.then().word(), 0L));
    counts.putAll(stage.faults().counts());
    return counts;
  }

  @Override
  public void close() {
    stage.close();
  }
}

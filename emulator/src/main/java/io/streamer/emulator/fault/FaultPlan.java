package io.streamer.emulator.fault;

import java.util.ArrayList;
import java.util.List;

/**
 * What goes wrong on a stage. Immutable.
 *
 * @param seed of all chances: each rule draws from a generator of its own, so that its n-th
 *     occasion always ends the same
 * @param rules each counts its own occasions; where several would act at once, the first does
 */
public record FaultPlan(long seed, List<FaultRule> rules) {
  /** Nothing goes wrong. */
  public static final FaultPlan NONE = new FaultPlan(0, List.of());

  public FaultPlan {
    rules = List.copyOf(rules);
  }

  /** A plan of these rules. */
  public static FaultPlan of(long seed, FaultRule... rules) {
    return new FaultPlan(seed, List.of(rules));
  }

  FaultPlan and(FaultRule rule) {
    var more = new ArrayList<>(rules);
    more.add(rule);
    return new FaultPlan(seed, more);
  }
}

package io.streamer.emulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.aws.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final Fault.Lose LOSE = new Fault.Lose();

  private final ManualClock time = new ManualClock();
  private final Faults faults = new Faults(time);

  @Test
  void theSameSeedDecidesTheSameAndAnotherOneDoesNot() {
    assertThat(hits(7, 500)).isEqualTo(hits(7, 500)).isNotEqualTo(hits(8, 500));
    assertThat(hits(7, 500)).hasSizeBetween(100, 200);
  }

  @Test
  void whatOneRuleDecidesDoesNotDependOnTheOthers() {
    var rule = FaultRule.invoke("job", When.chance(0.3), LOSE);
    faults.set(FaultPlan.of(7, rule));
    var alone = hits(200);
    faults.set(FaultPlan.of(7, rule, FaultRule.push(When.chance(0.5), new Fault.Status(500))));
    var beside = new ArrayList<Integer>();
    for (int i = 0; i < 200; i++) {
      faults.push(Door.DIRECT, Sender.OTHER);
      if (faults.invoke("job").isPresent()) {
        beside.add(i);
      }
    }
    assertThat(beside).isEqualTo(alone);
  }

  @Test
  void everyThirdMeansTheThirdTheSixthAndSoOn() {
    assertThat(hits(When.every(3), 9)).containsExactly(2, 5, 8);
    assertThat(hits(When.every(3).atMost(2), 12)).containsExactly(2, 5);
  }

  @Test
  void theNthIsTakenAlone() {
    assertThat(hits(When.nth(4), 9)).containsExactly(3);
  }

  @Test
  void aWindowOpensAndClosesByTheClockAndCountsWhatFallsIntoIt() {
    faults.set(
        FaultPlan.of(
            1,
            FaultRule.invoke(
                "job", When.nth(2).within(Duration.ofSeconds(10), Duration.ofSeconds(5)), LOSE)));
    assertThat(hits(5)).isEmpty();
    time.advance(Duration.ofSeconds(10));
    assertThat(hits(1)).isEmpty();
    assertThat(hits(1)).containsExactly(0);

    faults.set(
        FaultPlan.of(
            1,
            FaultRule.invoke(
                "job", When.ALWAYS.within(Duration.ZERO, Duration.ofSeconds(5)), LOSE)));
    assertThat(hits(2)).hasSize(2);
    time.advance(Duration.ofSeconds(5));
    assertThat(hits(2)).isEmpty();
  }

  @Test
  void theFirstRuleThatTakesAnOccasionActs() {
    faults.set(
        FaultPlan.of(
            1,
            FaultRule.invoke(When.every(2), new Fault.Throttle()),
            FaultRule.invoke(When.every(3), LOSE)));
    var acts = IntStream.range(0, 6).mapToObj(_ -> faults.invoke("job")).toList();
    assertThat(acts)
        .containsExactly(
            Optional.empty(),
            Optional.of(new Fault.Throttle()),
            Optional.of(LOSE),
            Optional.of(new Fault.Throttle()),
            Optional.empty(),
            Optional.of(new Fault.Throttle()));
    assertThat(faults.counts()).isEqualTo(Map.of("invoke throttle", 3L, "invoke lose", 1L));
  }

  @Test
  void aRuleConcernsItsFunctionDoorAndSenderAlone() {
    faults.add(FaultRule.invoke("job", When.ALWAYS, LOSE));
    assertThat(faults.invoke("stream")).isEmpty();
    var worker = new Senders().join(Role.WORKER);
    faults.add(
        new FaultRule.Push(
            Optional.of(Door.API_GATEWAY),
            Optional.of(Role.WORKER),
            When.ALWAYS,
            new Fault.Status(410)));
    assertThat(faults.push(Door.DIRECT, worker)).isEmpty();
    assertThat(faults.push(Door.API_GATEWAY, Sender.OTHER)).isEmpty();
    assertThat(faults.push(Door.API_GATEWAY, worker)).contains(new Fault.Status(410));
    faults.add(FaultRule.cut(Door.DIRECT, When.ALWAYS));
    assertThat(faults.cuts(Door.API_GATEWAY)).isFalse();
    assertThat(faults.cuts(Door.DIRECT)).isTrue();
  }

  @Test
  void eachIsToldWithItsPlaceAndSubject() {
    var told = new ArrayList<String>();
    faults.onInjected(injected -> told.add(injected.toString()));
    faults.add(FaultRule.stream(When.ALWAYS, new Fault.LoseAnswer()));
    assertThat(faults.losesAnswer("3 records")).isTrue();
    assertThat(told).containsExactly("stream lose_answer: 3 records");
    assertThat(faults.count("stream lose_answer")).isEqualTo(1);
  }

  @Test
  void aSplitHappensAndTheRecordGoesOn() {
    var splits = new AtomicInteger();
    faults.consequences().splitBy(splits::incrementAndGet);
    faults.add(FaultRule.stream(When.nth(2), new Fault.Split()));
    assertThat(faults.record("1")).isEmpty();
    assertThat(splits).hasValue(0);
    assertThat(faults.record("2")).isEmpty();
    assertThat(splits).hasValue(1);
  }

  @Test
  void clearingEndsEverythingAndLetsGoWhatWaits() {
    var done = new AtomicInteger();
    faults.add(FaultRule.invoke(When.ALWAYS, LOSE));
    faults.later(Duration.ofHours(1), done::incrementAndGet);
    faults.clear();
    assertThat(done).hasValue(1);
    assertThat(faults.invoke("job")).isEmpty();
    assertThat(faults.plan()).isEqualTo(FaultPlan.NONE);
  }

  @Test
  void impossibleRulesAreRefused() {
    assertThatThrownBy(() -> When.chance(1.1)).hasMessage("chance is 0 to 1");
    assertThatThrownBy(() -> When.every(0)).hasMessage("every is 1 or more");
    assertThatThrownBy(() -> When.first(0)).hasMessage("times is 1 or more");
    assertThatThrownBy(() -> new Fault.Status(200)).hasMessageContaining("410, 429");
    assertThatThrownBy(() -> new Fault.Delay(Duration.ZERO)).hasMessageContaining("above zero");
    assertThatThrownBy(() -> faults.when(_ -> true).before().then(Trap.loseAnswer()))
        .hasMessageContaining("behind a write");
  }

  private List<Integer> hits(long seed, int occasions) {
    faults.set(FaultPlan.of(seed, FaultRule.invoke("job", When.chance(0.3), LOSE)));
    return hits(occasions);
  }

  private List<Integer> hits(When when, int occasions) {
    faults.set(FaultPlan.of(1, FaultRule.invoke("job", when, LOSE)));
    return hits(occasions);
  }

  private List<Integer> hits(int occasions) {
    return IntStream.range(0, occasions)
        .filter(_ -> faults.invoke("job").isPresent())
        .boxed()
        .toList();
  }
}

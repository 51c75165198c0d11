package io.streamer.emulator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the function gets of records that go wrong on their way. */
@Timeout(60)
class StreamFaultsTest {
  private final RecordingFunction function = new RecordingFunction();
  private final ScriptedPump local = new ScriptedPump(ScriptedPump.OURS);

  @BeforeEach
  void fill() {
    local.function(function);
    local.stream.open("shard");
    List.of("a", "b", "c").forEach(id -> local.stream.write("shard", id));
  }

  @AfterEach
  void close() {
    local.close();
  }

  @Test
  void aDroppedRecordNeverArrives() throws InterruptedException {
    assertThat(given(When.nth(2), new Fault.Drop())).containsExactly("a", "c");
  }

  @Test
  void aDoubledRecordArrivesTwice() throws InterruptedException {
    assertThat(given(When.nth(2), new Fault.Duplicate())).containsExactly("a", "b", "b", "c");
  }

  @Test
  void aRecordIsOvertakenByTheNext() throws InterruptedException {
    assertThat(given(When.first(1), new Fault.Reorder())).containsExactly("b", "a", "c");
  }

  @Test
  void aRecordThatNothingOvertakesArrivesAfterASecond() throws InterruptedException {
    local.faults.add(FaultRule.stream(When.nth(3), new Fault.Reorder()));
    local.pump.start();
    local.time.awaitTimer(Duration.ofHours(1000));
    assertThat(function.ids()).doesNotContain("c");
    local.time.advance(Duration.ofSeconds(1));
    local.pump.awaitDrained();
    assertThat(function.ids()).containsExactly("a", "b", "c");
  }

  @Test
  void aLateRecordHoldsUpThoseBehindIt() throws InterruptedException {
    local.faults.add(FaultRule.stream(When.nth(2), new Fault.Delay(Duration.ofSeconds(7))));
    local.pump.start();
    local.time.awaitTimer(Duration.ofSeconds(7));
    assertThat(function.ids()).isEmpty();
    local.time.advance(Duration.ofSeconds(7));
    local.pump.awaitDrained();
    assertThat(function.ids()).containsExactly("a", "b", "c");
  }

  private List<String> given(When when, Fault.OfStream fault) throws InterruptedException {
    local.faults.add(FaultRule.stream(when, fault));
    local.pump.start();
    local.pump.awaitDrained();
    return function.ids();
  }
}

package io.streamer.worker.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TimeTest {

  @Test
  void whatIsLongPastIsNotWaitedFor() throws Exception {
    Time.SYSTEM.await(new Wakeup(), Long.MIN_VALUE);
    Time.SYSTEM.await(new Wakeup(), 0);
  }

  @Test
  void theBellEndsAWaitForEver() throws Exception {
    var bell = new Wakeup();
    bell.ring();
    Time.SYSTEM.await(bell, Long.MAX_VALUE);
  }

  @Test
  void oneRunsTimePassesEvenlyThoughTheClockIsSet() {
    var clock = new AtomicLong(1_800_000_000_000L);
    var nanos = new AtomicLong(-5);
    var time = Time.of(() -> Instant.ofEpochMilli(clock.get()), nanos::get);
    var run = time.steady();
    assertThat(run.millis()).isEqualTo(clock.get());
    for (long setBy : new long[] {0, 3_600_000, -7_200_000, 1, -86_400_000}) {
      var before = run.millis();
      clock.addAndGet(setBy);
      nanos.addAndGet(250_000_000);
      assertThat(run.millis()).isEqualTo(before + 250);
      // what others read, and the next run, go by the clock
      assertThat(time.millis()).isEqualTo(clock.get());
      assertThat(time.steady().millis()).isEqualTo(clock.get());
    }
  }

  @Test
  void aTimeOfATestsOwnIsTheRunsToo() {
    var clock = new AtomicLong(1_000);
    var run = Time.of(() -> Instant.ofEpochMilli(clock.get())).steady();
    clock.addAndGet(60_000);
    assertThat(run.millis()).isEqualTo(61_000);
  }
}

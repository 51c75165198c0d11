package io.streamer.worker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TimeTest {

  @Test
  void whatIsLongPastIsNotWaitedFor() throws Exception {
    Time.SYSTEM.await(new Bell(), Long.MIN_VALUE);
    Time.SYSTEM.await(new Bell(), 0);
  }

  @Test
  void theBellEndsAWaitForEver() throws Exception {
    var bell = new Bell();
    bell.ring();
    Time.SYSTEM.await(bell, Long.MAX_VALUE);
  }
}

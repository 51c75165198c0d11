package io.streamer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class HooksTest {
  @Test
  void processesOfOneSnapshotDoNotWaitAlike() {
    // Lambda restores the state of every other generator with the snapshot
    assertThat(Worker.Hooks.NONE.random()).isInstanceOf(SecureRandom.class);
  }
}

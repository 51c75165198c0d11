package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.streamer.emulator.fault.Trap;
import io.streamer.test.TestRun;
import io.streamer.test.stage.Progress;
import io.streamer.test.stage.StageExtension;
import io.streamer.test.stage.StageFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The handler in the whole of Streamer, on free ports of this machine. */
class TellStageTest {
  private static volatile Duration later = Duration.ZERO;

  @RegisterExtension
  static final StageExtension STAGE =
      StageExtension.with(new Actions())
          // the gateway's clock is the test's: nobody waits for a lease to be over
          .gatewayTime(() -> Instant.now().plus(later))
          .settings(Map.of("STREAMER_HEARTBEAT", "1d", "AI_PACE_MS", "1"));

  @Test
  void aStoryWhoseWorkerIsKilledIsToldToTheSameEnd(StageFaults faults) throws Exception {
    var request = new Tell.Request("The bell", 100, Optional.of(7L));
    var whole =
        TestRun.of(new Tell(Model.ofStory(), Duration.ZERO))
            .run(request)
            .completed()
            .as(Tell.Story.class);
    var killed =
        faults.all().when(write -> write.sets("checkpoint").isPresent()).nth(2).then(Trap.kill());
    try (var client = STAGE.as("ann", "acme").direct()) {
      var story = client.send("tell", request);
      killed.await(Duration.ofSeconds(20));
      later = Duration.ofHours(1);
      STAGE.stage().runDue();

      var reply = story.reply().answered();
      assertEquals(whole, reply.as(Tell.Story.class));
      assertTrue(reply.progress().stream().mapToInt(Progress::attempt).anyMatch(it -> it == 2));
    }
  }
}

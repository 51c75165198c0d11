package io.streamer.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Trap;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 10,000 numbered events over sockets that do not last, and from a worker that does not either. */
@Timeout(240)
class TwentyCutsTest {
  private static final int EVENTS = 10_000;
  private static final long SOCKET_MS = 200;

  @TempDir Path ledger;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachEventComesOnceAndInOrder(boolean direct) throws Exception {
    var violations = new Violations();
    var counts = new Counts();
    var job =
        new Followed(
            "numbered",
            Kind.EVENTS,
            new JsonObject()
                .put("type", "request")
                .put("id", "numbered")
                .put("action", "soak.events")
                .put(
                    "payload",
                    new JsonObject().put("count", EVENTS).put("pause_ms", 1).put("every", 500)),
            violations::add);
    try (var site = new StageSite(Path.of(System.getProperty("streamer.home")), ledger, 1, false);
        var http = Socket.http()) {
      var killed =
          site.stage()
              .faults()
              .when(write -> write.sets("eventSeq").isPresent())
              .nth(12)
              .then(Trap.kill());
      new SoakClient(
              new Access(
                  http,
                  () -> site.doors().stream().filter(door -> door.direct() == direct).toList(),
                  site.token("ann", "cuts")),
              RequestPlan.of(job),
              counts,
              violations,
              new Random(3),
              SOCKET_MS)
          .run();
      assertThat(killed.isSprung()).isTrue();
    }
    assertThat(violations.all()).isEmpty();
    assertThat(job.how()).isEqualTo("complete");
    assertThat(counts.cuts.get()).isGreaterThanOrEqualTo(20);
  }
}

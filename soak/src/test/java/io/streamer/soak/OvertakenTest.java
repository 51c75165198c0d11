package io.streamer.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.StoreCall;
import io.streamer.emulator.fault.Trap;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Behind API Gateway what a tab missed comes before the acknowledgment of its repeated request. A
 * gateway that dies between the two has promised it nothing yet.
 */
@Timeout(120)
class OvertakenTest {
  private static final long STAYS_MS = 60_000;

  @TempDir Path ledger;

  @Test
  void aTabThatHasEventsAndNoAcknowledgmentAsksAgain() throws Exception {
    var violations = new Violations();
    var job =
        new Followed(
            "two tabs",
            Kind.TWO_TABS,
            new JsonObject()
                .put("type", "request")
                .put("id", "two tabs")
                .put("action", "soak.events")
                .put(
                    "payload",
                    new JsonObject().put("count", 30).put("pause_ms", 100).put("every", 5)),
            violations::add);
    var second = job.asSeenBy(Followed.Side.SECOND_TAB);
    try (var site = new StageSite(Path.of(System.getProperty("streamer.home")), ledger, 1, false);
        var http = Socket.http()) {
      var stored =
          site.stage().faults().when(write -> updates(write, "eventSeq")).then(Trap.run(() -> {}));
      var first = client(http, site, true, job, violations);
      stored.await(Duration.ofSeconds(20));
      var killed =
          site.stage().faults().when(write -> updates(write, "route")).before().then(Trap.kill());
      var tab = client(http, site, false, second, violations);

      second.over().get(60, TimeUnit.SECONDS);
      job.over().get(60, TimeUnit.SECONDS);
      assertThat(killed.isSprung()).isTrue();
      first.join();
      tab.join();
    }
    assertThat(violations.all()).isEmpty();
    assertThat(second.trace())
        .containsSubsequence("event", "lost", "sent", "acknowledged duplicate");
  }

  private static boolean updates(StoreCall write, String attribute) {
    return write.operation().equals("UpdateItem") && write.sets(attribute).isPresent();
  }

  private static Thread client(
      HttpClient http, StageSite site, boolean direct, Followed job, Violations violations) {
    return Thread.startVirtualThread(
        new SoakClient(
            new Access(
                http,
                () -> site.doors().stream().filter(door -> door.direct() == direct).toList(),
                site.token("ann", "tabs")),
            RequestPlan.of(job),
            new Counts(),
            violations,
            // a tab that stays, of a patient user
            new Random(0) {
              @Override
              public long nextLong(long bound) {
                return bound - 1;
              }

              @Override
              public int nextInt(int bound) {
                return bound == 20 ? 1 : 0;
              }
            },
            STAYS_MS));
  }
}

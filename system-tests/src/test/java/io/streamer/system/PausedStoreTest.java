package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.FaultPlan;
import io.streamer.emulator.fault.FaultRule;
import io.streamer.emulator.fault.When;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Five hundred sockets while the store answers nobody for longer than a lease. */
@Timeout(240)
class PausedStoreTest {
  private static final int SOCKETS = 500;

  /**
   * At a time: those that are refused may be stored all the same, and run once the store is back.
   */
  private static final int SUBMITS = 4;

  private static final Duration PAUSE = Duration.ofSeconds(25);

  private final List<Peer> peers = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Stage stage;

  @BeforeEach
  void connect() {
    stage = LocalStage.start(Map.of("STREAMER_LEASE", "15s"));
    for (int i = 0; i < SOCKETS; i++) {
      peers.add((i % 2 == 0 ? Door.DIRECT : Door.API_GATEWAY).connect(stage, Tokens.fresh()));
    }
  }

  @AfterEach
  void leave() {
    stage.close();
    http.close();
  }

  @Test
  void syncAnswersGoOnSubmitsAreRefusedAndAllRecovers() throws Exception {
    var running =
        peers
            .get(0)
            .request("running", "delay", new JsonObject().put("seconds", 3).put("steps", 10));
    var job = running.acknowledgment("running").jobId();
    running.await("the job's start", frame -> frame.is("progress"));

    var once = FaultRule.store(FaultRule.Requests.ANY, When.first(1), new Fault.Pause(PAUSE));
    stage.faults().set(FaultPlan.of(1, once));
    var over = System.nanoTime() + PAUSE.toNanos();
    int round = 0;
    boolean notReady = false;
    for (; System.nanoTime() < over; round++) {
      for (int i = round * SUBMITS; i < (round + 1) * SUBMITS; i++) {
        peers.get(i % SOCKETS).request("submit-" + round, "echo_async", new JsonObject());
      }
      // an action takes 256 at a time
      for (int from = 0; from < SOCKETS; from += 100) {
        var some = peers.subList(from, from + 100);
        for (var peer : some) {
          peer.request("echo-" + round, "echo", new JsonObject().put("round", round));
        }
        for (var peer : some) {
          var answer = peer.answer("echo-" + round);
          assertThat(answer.type()).as(answer.text()).isEqualTo("response");
        }
      }
      notReady |= System.nanoTime() < over && ready() == 503;
      for (int i = round * SUBMITS; i < (round + 1) * SUBMITS; i++) {
        var refused = peers.get(i % SOCKETS).answer("submit-" + round);
        if (System.nanoTime() < over) {
          assertThat(refused.code()).isEqualTo("SERVICE_UNAVAILABLE");
          assertThat(refused.error().getBoolean("retryable")).isTrue();
          // nobody knows what became of its write
          var details = refused.error().getJsonObject("details");
          assertThat(details.getBoolean("may_have_started")).isTrue();
        }
      }
    }
    assertThat(round).isPositive();
    assertThat(notReady).isTrue();

    // its lease was lost meanwhile: another attempt begins once those before it have run
    peers
        .get(0)
        .patience(Duration.ofSeconds(90))
        .await(
            "another attempt",
            frame -> frame.is("progress") && frame.json().getInteger("attempt") > 1);
    assertThat(peers.get(0).terminal(job).type()).isEqualTo("complete");
    for (int i = 0; i < 20; i++) {
      var peer = peers.get(i);
      peer.request("after", "delay", new JsonObject().put("seconds", 0));
      assertThat(peer.terminal(peer.acknowledgment("after").jobId()).type()).isEqualTo("complete");
    }
    assertThat(ready()).isEqualTo(200);
  }

  private int ready() throws Exception {
    var uri = URI.create("http://127.0.0.1:" + stage.direct().getPort() + "/ready");
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }
}

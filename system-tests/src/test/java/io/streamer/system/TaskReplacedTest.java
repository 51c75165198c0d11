package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** ECS replaces a task: its balancer cuts the sockets before the task is told. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
class TaskReplacedTest {
  private static final int CLIENTS = 8;
  private static final Duration OFTEN = Duration.ofMillis(50);

  private Stage stage;
  private Ecs ecs;

  @BeforeEach
  void start() throws Exception {
    stage = LocalStage.start(Map.of());
    ecs = new Ecs();
  }

  @AfterEach
  void stop() {
    ecs.close();
    stage.close();
  }

  @Test
  void clientsOfATaskThatLooksHaveLeftBeforeTheBalancerCuts() throws Exception {
    var payload = new JsonObject().put("gate", UUID.randomUUID().toString());
    var jobs = new LinkedHashMap<Peer, String>();
    try (var task = GatewayProcess.start(stage, ecs.settings(OFTEN));
        var balancer = new Cable(task.backend())) {
      var old = new LinkedHashMap<Peer, String>();
      for (int i = 0; i < CLIENTS; i++) {
        var peer = Door.DIRECT.connect(socket(balancer), Tokens.of("user-" + i, "tenant"));
        var job = peer.request("job", "test.gated-job", payload).acknowledgment("job").jobId();
        old.put(peer, job);
      }

      ecs.replace();
      int at = 0;
      for (var one : old.entrySet()) {
        one.getKey().await("goaway", frame -> frame.is("goaway"));
        // the balancer knows another task by now
        var next = Door.DIRECT.connect(stage, Tokens.of("user-" + at++, "tenant"));
        var seen = new JsonObject().put(one.getValue(), 0);
        next.send(new JsonObject().put("type", "hello").put("id", "h").put("last_seq", seen))
            .await("welcome", frame -> frame.is("welcome"));
        jobs.put(next, one.getValue());
        one.getKey().close();
      }
      assertThat(task.exitCode()).isZero();
      assertThat(task.lines()).anyMatch(line -> line.contains("ECS is about to stop this task"));
      assertThat(task.lines().getLast()).contains("stopped");
      balancer.cut();
      TestActions.open(payload.getString("gate"));
      jobs.forEach((peer, job) -> assertThat(peer.terminal(job).result()).isEqualTo(payload));
    } finally {
      jobs.keySet().forEach(Peer::close);
    }
  }

  @Test
  void thoseOfOneThatDoesNotLookAreCutWithoutAWord() throws Exception {
    try (var task = GatewayProcess.start(stage, ecs.settings(Duration.ZERO));
        var balancer = new Cable(task.backend())) {
      var peer = Door.DIRECT.connect(socket(balancer), Tokens.fresh());
      peer.settle();
      ecs.replace();
      balancer.cut();
      assertThat(peer.closeCode()).isEqualTo(1006);
      assertThat(peer.frames()).noneMatch(frame -> frame.is("goaway"));
      task.terminate();
      assertThat(task.exitCode()).isZero();
    }
  }

  private static URI socket(Cable balancer) {
    return URI.create("ws://127.0.0.1:" + balancer.uri().getPort() + "/ws");
  }
}

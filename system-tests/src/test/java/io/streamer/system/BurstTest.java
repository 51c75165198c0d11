package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More calls than an action runs at once. */
@ExtendWith(LocalStage.class)
class BurstTest {
  private static final Queue<String> BEGUN = new ConcurrentLinkedQueue<>();

  private final String gate = UUID.randomUUID().toString();

  /** One at a time, and each waits at a gate. */
  @Action(value = "test.narrow", concurrency = 1)
  public static final class Narrow implements Handler<TestActions.Size, RawJson> {
    @Override
    public RawJson handle(TestActions.Size size, Run run) throws Exception {
      BEGUN.add(size.gate() + " " + run.id());
      TestActions.pass(TestActions.gate(size.gate()));
      return RawJson.of("{\"x\":\"" + "y".repeat(size.bytes()) + "\"}");
    }
  }

  private List<String> begun() {
    return BEGUN.stream()
        .filter(line -> line.startsWith(gate))
        .map(line -> line.substring(gate.length() + 1))
        .toList();
  }

  private JsonObject size(int bytes) {
    return JsonObject.of("bytes", bytes, "gate", gate);
  }

  /** As the page of metrics has it. */
  private static double waiting() throws Exception {
    var page =
        URI.create("http://127.0.0.1:" + LocalStage.stage().gateway().internalPort() + "/metrics");
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("streamer_waiting_requests "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
          .sum();
    }
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void connectionsTakeTurnsBehindTheOneThatRuns(Door door) {
    try (var greedy = door.connect(Tokens.fresh());
        var other = door.connect(Tokens.fresh())) {
      greedy.request("g-0", "test.narrow", size(1));
      Until.holds("it runs", () -> begun().size() == 1);
      for (int i = 1; i <= 40; i++) {
        greedy.request("g-" + i, "test.narrow", size(1));
      }
      // 16 wait: four for each run at once, and that many at least
      Until.holds("what does not fit is refused", () -> greedy.frames().size() == 24);
      assertThat(greedy.frames())
          .allSatisfy(frame -> {
            assertThat(frame.code()).isEqualTo("SERVICE_UNAVAILABLE");
            assertThat(frame.error().getInteger("retry_after_ms")).isPositive();
          });
      other.request("o-1", "test.narrow", size(1));
      Until.holds("one more gives way", () -> greedy.frames().size() == 25);
      TestActions.open(gate);
      assertThat(other.answer("o-1").type()).isEqualTo("response");
      Until.holds("all are answered", () -> greedy.frames().size() == 41);
      assertThat(begun()).hasSize(17).startsWith("g-0");
      assertThat(begun().subList(1, 3)).contains("o-1");
    }
  }

  @Test
  void whoReadsNothingHoldsUpNobody() throws Exception {
    var stage = LocalStage.stage();
    try (var deaf = new RawSocket(stage.direct(), Tokens.fresh());
        var other = Door.DIRECT.connect(Tokens.fresh())) {
      for (int i = 0; i < 12; i++) {
        deaf.send(
            JsonObject.of("id", "d-" + i, "action", "test.narrow", "payload", size(100_000))
                .encode());
      }
      Until.holds("one runs", () -> begun().size() == 1);
      other.request("o-1", "test.narrow", size(1));
      TestActions.open(gate);
      assertThat(other.answer("o-1").type()).isEqualTo("response");
      Until.holds("its calls end all the same", () -> begun().size() == 13);
    }
  }

  @Test
  void whatWaitsForAConnectionThatHasEndedIsNotBegun() throws Exception {
    try (var stays = Door.DIRECT.connect(Tokens.fresh())) {
      stays.request("s-0", "test.narrow", size(1));
      Until.holds("it runs", () -> begun().size() == 1);
      var leaves = Door.DIRECT.connect(Tokens.fresh());
      for (int i = 0; i < 10; i++) {
        leaves.request("l-" + i, "test.narrow", size(1));
      }
      Until.matches("they wait", BurstTest::waiting, count -> count == 10);
      leaves.drop();
      Until.matches("they do not any more", BurstTest::waiting, count -> count == 0);
      stays.request("s-1", "test.narrow", size(1));
      TestActions.open(gate);
      assertThat(stays.answer("s-1").type()).isEqualTo("response");
      assertThat(begun()).containsExactly("s-0", "s-1");
    }
  }
}

package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Run;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A job runs on over the end of the token that its client came with: that client gets nothing more
 * of it, comes back with another token, and has all of it once.
 */
@Timeout(60)
class TokenEndTest {
  /** Of the test's time, less than the leeway that tokens get. */
  private static final Duration LEFT = Duration.ofSeconds(20);

  private static final ShiftedClock CLOCK = new ShiftedClock();
  private static Stage stage;

  private final String gate = UUID.randomUUID().toString();
  private final String tenant = "tenant-" + UUID.randomUUID();

  /** Goes on as the test opens its gates. */
  static final class Actions implements HandlerModule {
    @Override
    public void register(Handlers handlers, Config config) {
      handlers.add(Far.class, Far::new);
      handlers.add(Here.class, Here::new);
    }
  }

  public record Gate(String gate) {}

  /** In a worker. */
  @Action(value = "ends.far", expected = "1m")
  public static final class Far implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate gate, Run run) throws Exception {
      run.progress(10, "begun");
      Gates.pass(gate.gate() + 1);
      run.emit("row", Map.of("n", 1));
      run.progress(50, "half");
      Gates.pass(gate.gate() + 2);
      run.emit("row", Map.of("n", 2));
      return Map.of("gate", gate.gate());
    }
  }

  /** In the gateway, for longer than expected. */
  @Action("ends.here")
  public static final class Here implements Handler<Gate, Map<String, String>> {
    @Override
    public Map<String, String> handle(Gate gate, Run run) throws Exception {
      run.progress(10, "begun");
      Gates.pass(gate.gate() + 1);
      run.progress(50, "half");
      Gates.pass(gate.gate() + 2);
      return Map.of("gate", gate.gate());
    }
  }

  @BeforeAll
  static void start() {
    stage =
        Stage.start(
            LocalStage.options()
                .modules(List.of(new Actions()))
                .settings(
                    Map.of(
                        "STREAMER_DUE_EVERY", "10d",
                        "STREAMER_HEARTBEAT", "10d",
                        "STREAMER_LEASE", "1h",
                        "STREAMER_SYNC_THRESHOLD", "100ms"))
                .clock(CLOCK)
                .workersClock(CLOCK));
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  @ParameterizedTest
  @CsvSource({"API_GATEWAY, ends.far", "API_GATEWAY, ends.here", "DIRECT, ends.far"})
  void itsOwnerComesBackAndHasTheRestOnce(Door door, String action) {
    var first = door.connect(stage, token("ann", LEFT));
    var jobId = submit(first, action);
    first.await("its progress", frame -> isProgress(frame, jobId, 10));
    theTokenEnds();
    assertThat(first.closeCode()).isEqualTo(closeCode(door));
    assertThat(first.framesOf(jobId)).allMatch(frame -> isEarly(frame, jobId));

    try (var second = door.connect(stage, token("ann", Duration.ofDays(1)))) {
      var seen = first.framesOf(jobId).getLast().seq();
      second.send(
          new JsonObject()
              .put("type", "hello")
              .put("id", "h")
              .put("last_seq", new JsonObject().put(jobId, seen)));
      var welcome = second.answer("h");
      assertThat(welcome.json().getBoolean("recovered")).isTrue();
      hasTheRest(jobId, action, first, second);
    }
  }

  @ParameterizedTest
  @CsvSource({"API_GATEWAY, ends.far", "API_GATEWAY, ends.here", "DIRECT, ends.far"})
  void aSubscriberComesBackAndHasTheRestOnce(Door door, String action) {
    try (var owner = door.connect(stage, token("ann", Duration.ofDays(1)))) {
      var jobId = submit(owner, action);
      owner.await("its progress", frame -> isProgress(frame, jobId, 10));
      var first = door.connect(stage, token("bob", LEFT));
      subscribe(first, jobId, 0);
      first.await("its progress", frame -> isProgress(frame, jobId, 10));
      theTokenEnds();
      assertThat(first.closeCode()).isEqualTo(closeCode(door));
      assertThat(first.framesOf(jobId)).allMatch(frame -> isEarly(frame, jobId));
      owner.await("its progress", frame -> isProgress(frame, jobId, 50));

      try (var second = door.connect(stage, token("bob", Duration.ofDays(1)))) {
        subscribe(second, jobId, first.framesOf(jobId).getLast().seq());
        hasTheRest(jobId, action, first, second);
      }
      assertThat(owner.terminal(jobId).is("complete")).isTrue();
    }
  }

  /** The handler goes on behind it. */
  private void theTokenEnds() {
    CLOCK.advance(LEFT.plusSeconds(1));
    Gates.open(gate + 1);
  }

  private void hasTheRest(String jobId, String action, Peer first, Peer second) {
    Gates.open(gate + 2);
    assertThat(second.terminal(jobId).is("complete")).isTrue();
    second.settle();
    assertThat(second.framesOf(jobId).stream().filter(Frame::isTerminal)).hasSize(1);
    var all = new ArrayList<>(first.framesOf(jobId));
    second.frames().stream().flatMap(TokenEndTest::numbered).forEach(all::add);
    var applied = Applied.from(all, jobId);
    assertThat(applied.ns())
        .containsExactlyElementsOf(action.equals("ends.far") ? List.of(1, 2) : List.of());
    assertThat(applied.ended()).isTrue();
  }

  /** What a welcome or the answer to a subscribe brings counts as its frames do. */
  private static Stream<Frame> numbered(Frame frame) {
    var missed = frame.is("response") && frame.data().containsKey("events");
    return missed ? frame.events().stream() : Stream.of(frame);
  }

  private static boolean isProgress(Frame frame, String jobId, double percentage) {
    return jobId.equals(frame.jobId()) && frame.is("progress") && frame.percentage() == percentage;
  }

  private static boolean isEarly(Frame frame, String jobId) {
    return !frame.isNumbered() || isProgress(frame, jobId, 10);
  }

  /** API Gateway has a code of its own for whoever is disconnected. */
  private static int closeCode(Door door) {
    return door == Door.DIRECT ? 4401 : 1000;
  }

  private String submit(Peer peer, String action) {
    peer.request(gate, action, new JsonObject().put("gate", gate));
    return peer.acknowledgment(gate).jobId();
  }

  private static void subscribe(Peer peer, String jobId, long afterSeq) {
    peer.send(
        new JsonObject()
            .put("type", "subscribe")
            .put("id", "s")
            .put("job_id", jobId)
            .put("after_seq", afterSeq));
    assertThat(peer.answer("s").is("response")).isTrue();
  }

  private String token(String user, Duration holds) {
    var claims = Tokens.claims();
    claims.put("sub", user);
    claims.put("tenant_id", tenant);
    claims.put("permissions", List.of("jobs:read"));
    // a minute's leeway comes on top
    claims.put("exp", CLOCK.instant().plus(holds).getEpochSecond() - 60);
    return Tokens.signed(claims);
  }
}

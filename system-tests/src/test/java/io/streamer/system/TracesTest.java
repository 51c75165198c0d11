package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.streamer.handler.Action;
import io.streamer.handler.Config;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import io.streamer.handler.Run;
import io.streamer.local.stage.Stage;
import io.streamer.system.OtlpReceiver.Recorded;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One trace of a request and of its job, as a collector gets it from all processes. */
@Timeout(120)
class TracesTest {
  private static final Path PICTURE = LocalStage.home().resolve("docs/trace.svg");
  private static final String SECRET = "hunter2";

  private static OtlpReceiver collector;
  private static Stage stage;

  private final String token = Tokens.of(SECRET + UUID.randomUUID(), SECRET + UUID.randomUUID());
  private final String client = "00f067aa0ba902b7";
  private final String trace = UUID.randomUUID().toString().replace("-", "");

  /** What a handler sees of its trace. */
  public record Seen(String traceparent, String trace, String span) {
    static Seen by(Run run) {
      var current = Span.current().getSpanContext();
      return new Seen(run.traceparent().orElse(""), current.getTraceId(), current.getSpanId());
    }
  }

  public record Gate(String gate, String note) {}

  /** Answers on the spot, unless it has to wait. */
  @Action("trace.now")
  public static final class Now implements Handler<Gate, Seen> {
    @Override
    public Seen handle(Gate gate, Run run) throws Exception {
      Gates.pass(gate.gate());
      return Seen.by(run);
    }
  }

  @Action(value = "trace.job", expected = "1m", attempts = 2)
  public static final class Job implements Handler<Gate, Seen> {
    private static final ConcurrentMap<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

    static int runs(String gate) {
      return RUNS.computeIfAbsent(gate, _ -> new AtomicInteger()).get();
    }

    @Override
    public Seen handle(Gate gate, Run run) throws Exception {
      RUNS.computeIfAbsent(gate.gate(), _ -> new AtomicInteger()).incrementAndGet();
      run.progress(10, "before the gate");
      Gates.pass(gate.gate());
      return Seen.by(run);
    }
  }

  @Action("trace.broken")
  public static final class Broken implements Handler<Gate, Seen> {
    @Override
    public Seen handle(Gate gate, Run run) {
      throw new IllegalStateException(SECRET);
    }
  }

  private static final class Actions implements HandlerModule {
    @Override
    public void register(Handlers handlers, Config config) {
      handlers.add(Now.class, Now::new);
      handlers.add(Job.class, Job::new);
      handlers.add(Broken.class, Broken::new);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    collector = OtlpReceiver.start();
    stage =
        start(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                collector.endpoint(),
                "OTEL_EXPORTER_OTLP_HEADERS",
                "x-team=the%20shop",
                "STREAMER_TRACES_RATIO",
                "1"));
  }

  private static Stage start(Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("STREAMER_SYNC_THRESHOLD", "200ms");
    all.put("STREAMER_LEASE", "5s");
    return Stage.start(LocalStage.options().modules(List.of(new Actions())).settings(all));
  }

  @AfterAll
  static void stop() {
    stage.close();
    collector.close();
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void anAnswerOnTheSpotIsTwoSpans(Door door) throws Exception {
    try (var peer = door.connect(stage, token)) {
      var seen = ask(peer, "trace.now", parent("01")).answer("r-1");
      var spans = collector.awaitTrace(trace, "receive trace.now", "handle trace.now");
      var receive = spans.get("receive trace.now");
      var handle = spans.get("handle trace.now");
      assertThat(receive.parent()).isEqualTo(client);
      assertThat(receive.kind()).isEqualTo("SERVER");
      assertThat(handle.parent()).isEqualTo(receive.id());
      assertThat(receive.service()).isEqualTo("streamer-gateway");
      assertThat(receive.attributes()).containsOnlyKeys("streamer.action");
      assertThat(receive.failed()).isFalse();
      assertThat(seen.data())
          .isEqualTo(
              new JsonObject()
                  .put("traceparent", "00-" + trace + "-" + handle.id() + "-01")
                  .put("trace", trace)
                  .put("span", handle.id()));
    }
    assertThat(collector.teams()).contains("the shop");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJobIsOneTraceFromItsRequestToThePushOfItsEnd(boolean besideTheRow) throws Exception {
    // a payload that stands beside the job's row, and one within it
    var note = besideTheRow ? "n".repeat(5_000) : "";
    try (var peer = Door.DIRECT.connect(stage, token)) {
      var job = ask(peer, "trace.job", parent("01"), note).acknowledgment("r-1").jobId();
      var seen = peer.terminal(job).result();
      var spans =
          collector.awaitTrace(
              trace,
              "receive trace.job",
              "handle trace.job",
              "store trace.job",
              "dispatch trace.job",
              "run trace.job",
              "push trace.job");
      parentsAre(
          spans,
          Map.of(
              "store trace.job", "receive trace.job",
              "dispatch trace.job", "receive trace.job",
              "run trace.job", "dispatch trace.job",
              "handle trace.job", "run trace.job",
              "push trace.job", "run trace.job"));
      assertThat(spans.get("receive trace.job").parent()).isEqualTo(client);
      assertThat(spans.get("dispatch trace.job").service()).isEqualTo("streamer-stream");
      assertThat(spans.get("run trace.job").service()).isEqualTo("streamer-worker");
      assertThat(spans.get("run trace.job").attributes())
          .isEqualTo(
              Map.of(
                  "streamer.action", "trace.job",
                  "streamer.job", job,
                  "streamer.attempt", "1",
                  "streamer.status", "succeeded"));
      assertThat(spans.get("run trace.job").links()).isEmpty();
      assertThat(seen.getString("span")).isEqualTo(spans.get("handle trace.job").id());
      assertThat(spans.values()).allSatisfy(span -> assertThat(span.failed()).isFalse());
      // each begins behind its parent
      assertThat(spans.values())
          .allSatisfy(span -> assertThat(span.end()).isGreaterThanOrEqualTo(span.start()));
      var picture = TracePicture.of(spans.values());
      if (Boolean.getBoolean("streamer.rewrite")) {
        Files.writeString(PICTURE, picture);
      }
      assertThat(TracePicture.rows(Files.readString(PICTURE)))
          .as("docs/trace.svg, which this test makes with -Dstreamer.rewrite=true")
          .isEqualTo(TracePicture.rows(picture));
    }
    assertThat(OtlpReceiver.said(collector.spans())).doesNotContain(SECRET).doesNotContain("nnnn");
  }

  @Test
  void aJobWhoseWorkerWasKilledGoesOnInItsTraceAndIsLinkedToTheLostRun() throws Exception {
    var gate = UUID.randomUUID().toString();
    try (var peer = Door.DIRECT.connect(stage, token)) {
      peer.send(request("trace.job", gate, parent("01"), ""));
      var job = peer.acknowledgment("r-1").jobId();
      Until.holds("its handler runs", () -> Job.runs(gate) == 1);
      assertThat(stage.killWorker(job)).isTrue();
      Until.holds("it runs again", () -> Job.runs(gate) == 2);
      Gates.open(gate);
      peer.terminal(job);
      var start = awaitOne(job, "start trace.job", span -> true);
      var run = awaitOne(job, "run trace.job", span -> span.attributes().containsValue("2"));
      var push =
          Until.matches("the push", () -> named("push trace.job"), found -> found.size() == 1)
              .getFirst();
      assertThat(push.parent()).isEqualTo(run.id());
      assertThat(start.links()).hasSize(1);
      // the gateway has seen the row alone, and the killed worker has told nobody its id
      assertThat(run.links()).isEqualTo(start.links());
      assertThat(run.links()).doesNotContain(trace + "-" + run.id());
      var dispatches = named("dispatch trace.job");
      assertThat(dispatches).hasSize(2);
      assertThat(dispatches.stream().map(Recorded::id)).contains(run.parent());
      var lost = awaitOne(job, "run trace.job", span -> span.attributes().containsValue("1"));
      assertThat(run.links()).containsExactly(trace + "-" + lost.id());
    }
  }

  @Test
  void anAnswerThatTookTooLongIsToldInItsTrace() throws Exception {
    var gate = UUID.randomUUID().toString();
    try (var peer = Door.DIRECT.connect(stage, token)) {
      peer.send(request("trace.now", gate, parent("01"), ""));
      var job = peer.acknowledgment("r-1").jobId();
      Gates.open(gate);
      peer.terminal(job);
      var spans =
          collector.awaitTrace(
              trace, "receive trace.now", "handle trace.now", "store trace.now", "push trace.now");
      parentsAre(
          spans,
          Map.of(
              "handle trace.now", "receive trace.now",
              "store trace.now", "receive trace.now",
              "push trace.now", "receive trace.now"));
      assertThat(spans.get("receive trace.now").job()).isEqualTo(job);
    }
  }

  @Test
  void aFailureIsNamedAndItsMessageIsNot() {
    try (var peer = Door.DIRECT.connect(stage, token)) {
      assertThat(ask(peer, "trace.broken", parent("01")).answer("r-1").type()).isEqualTo("error");
      var spans = collector.awaitTrace(trace, "receive trace.broken", "handle trace.broken");
      assertThat(spans.values()).allSatisfy(span -> assertThat(span.failed()).isTrue());
      assertThat(spans.get("receive trace.broken").attributes())
          .containsEntry("error.type", "INTERNAL_ERROR");
      assertThat(spans.get("handle trace.broken").attributes())
          .containsEntry("error.type", "java.lang.IllegalStateException");
      assertThat(OtlpReceiver.said(spans.values())).doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
      })
  void withATraceparentThatIsNoneATraceOfItsOwnBegins(String bad) {
    try (var peer = Door.DIRECT.connect(stage, token)) {
      var own = ask(peer, "trace.now", bad).answer("r-1").data().getString("trace");
      assertThat(own).hasSize(32).isNotEqualTo("0".repeat(32));
      var spans = collector.awaitTrace(own, "receive trace.now", "handle trace.now");
      assertThat(spans.get("receive trace.now").parent()).isEmpty();
    }
  }

  @Test
  void whatTheClientDoesNotSampleIsNotRecordedAndGoesOnUnsampled() {
    try (var peer = Door.DIRECT.connect(stage, token)) {
      var job = ask(peer, "trace.job", parent("00")).acknowledgment("r-1").jobId();
      assertThat(peer.terminal(job).result().getString("traceparent"))
          .startsWith("00-" + trace + "-")
          .endsWith("-00");
      exportsAreIn(peer);
      assertThat(collector.ofTrace(trace)).isEmpty();
    }
  }

  @Test
  void byTheRatioARequestWithoutATraceIsNotRecordedAnywhere() throws Exception {
    try (var own = OtlpReceiver.start();
        var none =
            start(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", own.endpoint(), "STREAMER_TRACES_RATIO", "0"));
        var peer = Door.DIRECT.connect(none, token)) {
      var job = ask(peer, "trace.job", null).acknowledgment("r-1").jobId();
      assertThat(peer.terminal(job).result().getString("traceparent")).endsWith("-00");
      peer.send(request("trace.now", open(), parent("01"), "").put("id", "r-2")).answer("r-2");
      own.awaitTrace(trace, "receive trace.now", "handle trace.now");
      assertThat(own.spans()).extracting(Recorded::trace).containsOnly(trace);
    }
  }

  @Test
  void withoutAnEndpointTheClientsTraceIsHandedOnAndNothingIsMade() throws Exception {
    try (var off = start(Map.of());
        var peer = Door.DIRECT.connect(off, token)) {
      var now = ask(peer, "trace.now", parent("01")).answer("r-1").data();
      assertThat(now.getString("traceparent")).isEqualTo(parent("01"));
      assertThat(now.getString("trace")).isEqualTo("0".repeat(32));
      peer.send(request("trace.job", open(), parent("01"), "").put("id", "r-2"));
      var job = peer.acknowledgment("r-2").jobId();
      assertThat(peer.terminal(job).result().getString("traceparent")).isEqualTo(parent("01"));
      peer.send(request("trace.now", open(), "nonsense", "").put("id", "r-3"));
      assertThat(peer.answer("r-3").data().getString("traceparent")).isEmpty();
    }
    try (var peer = Door.DIRECT.connect(stage, token)) {
      exportsAreIn(peer);
    }
    assertThat(collector.ofTrace(trace)).isEmpty();
  }

  /** Whatever ended before this is with the collector, if it goes there at all. */
  private static void exportsAreIn(Peer peer) {
    var later = UUID.randomUUID().toString().replace("-", "");
    var gate = open();
    peer.send(
        request("trace.job", gate, "00-" + later + "-00f067aa0ba902b7-01", "").put("id", "later"));
    peer.terminal(peer.acknowledgment("later").jobId());
    collector.awaitTrace(
        later,
        "receive trace.job",
        "handle trace.job",
        "store trace.job",
        "dispatch trace.job",
        "run trace.job",
        "push trace.job");
  }

  private Recorded awaitOne(
      String job, String name, java.util.function.Predicate<Recorded> wanted) {
    return Until.matches(
            name + " of " + job,
            () ->
                named(name).stream().filter(span -> span.job().equals(job)).filter(wanted).toList(),
            found -> found.size() == 1)
        .getFirst();
  }

  private List<Recorded> named(String name) {
    return collector.ofTrace(trace).stream().filter(span -> span.name().equals(name)).toList();
  }

  private static void parentsAre(Map<String, Recorded> spans, Map<String, String> parents) {
    assertThat(parents)
        .allSatisfy((child, parent) ->
            assertThat(spans.get(child).parent()).as(child).isEqualTo(spans.get(parent).id()));
  }

  private String parent(String flags) {
    return "00-" + trace + "-" + client + "-" + flags;
  }

  private Peer ask(Peer peer, String action, String traceparent) {
    return ask(peer, action, traceparent, "");
  }

  private Peer ask(Peer peer, String action, String traceparent, String note) {
    return peer.send(request(action, open(), traceparent, note));
  }

  private static String open() {
    var gate = UUID.randomUUID().toString();
    Gates.open(gate);
    return gate;
  }

  private static JsonObject request(String action, String gate, String traceparent, String note) {
    var request =
        new JsonObject()
            .put("id", "r-1")
            .put("action", action)
            .put("payload", new JsonObject().put("gate", gate).put("note", SECRET + note));
    return traceparent == null ? request : request.put("traceparent", traceparent);
  }
}

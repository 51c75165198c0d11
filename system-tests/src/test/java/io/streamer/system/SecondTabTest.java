package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.emulator.fault.Trap;
import io.streamer.local.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two connections send the same request: each that was acknowledged hears the job's end. {@code
 * -Dstreamer.rounds=200} has them cut and come back for so many jobs on each pair of doors.
 */
@Timeout(120)
@ParameterizedClass
@MethodSource("doors")
class SecondTabTest {
  private static final int ROUNDS = Integer.getInteger("streamer.rounds", 8);
  private static final int AT_ONCE = 8;

  private static Stage stage;
  private static Store store;

  @Parameter(0)
  Door one;

  @Parameter(1)
  Door other;

  private final String gate = UUID.randomUUID().toString();
  private final JsonObject payload = new JsonObject().put("gate", gate);
  private final String token = Tokens.fresh();

  static Stream<Arguments> doors() {
    return Stream.of(Door.values())
        .flatMap(one -> Stream.of(Door.values()).map(other -> Arguments.of(one, other)));
  }

  @BeforeAll
  static void start() {
    stage = LocalStage.start(Map.of("STREAMER_SYNC_THRESHOLD", "100ms"));
    store = new Store(stage);
  }

  @AfterAll
  static void stop() {
    store.close();
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"test.gated-job", "test.gated"})
  void bothHearTheEndOnce(String action) {
    try (var first = one.connect(stage, token);
        var second = other.connect(stage, token)) {
      var job = first.request("r", action, payload).acknowledgment("r").jobId();
      first.await("the start", frame -> frame.is("progress"));
      assertThat(second.request("r", action, payload).acknowledgment("r").status())
          .isEqualTo("duplicate");
      TestActions.open(gate);
      assertEnded(job, first, second);
      assertThat(first.framesOf(job)).anyMatch(frame -> frame.is("progress") && passed(frame));
    }
  }

  private static boolean passed(Frame frame) {
    return frame.percentage() == 90 || frame.percentage() == 100;
  }

  @Test
  void threeTabsThatTakeTurnsHearTheEnd() {
    try (var first = one.connect(stage, token);
        var second = other.connect(stage, token);
        var third = one.connect(stage, token)) {
      var job = first.request("r", "test.gated-job", payload).acknowledgment("r").jobId();
      first.await("the start", frame -> frame.is("progress"));
      for (int round = 1; round <= 3; round++) {
        for (var tab : List.of(third, second, first)) {
          tab.request("r", "test.gated-job", payload);
          awaitDuplicates(tab, round);
        }
      }
      TestActions.open(gate);
      assertEnded(job, first, second, third);
    }
  }

  private static void awaitDuplicates(Peer tab, int count) {
    tab.await(
        count + " answers",
        _ -> tab.frames().stream().filter(f -> "duplicate".equals(f.status())).count() == count);
  }

  @Test
  void whoComesBackByHelloDoesNotSilenceTheOther() {
    try (var second = other.connect(stage, token)) {
      String job;
      try (var first = one.connect(stage, token)) {
        job = first.request("r", "test.gated-job", payload).acknowledgment("r").jobId();
        second.request("r", "test.gated-job", payload).acknowledgment("r");
        first.drop();
      }
      try (var back = one.connect(stage, token)) {
        hello(back, job);
        try (var again = one.connect(stage, token)) {
          // and the other way round
          second.request("r", "test.gated-job", payload);
          awaitDuplicates(second, 2);
          hello(again, job);
          TestActions.open(gate);
          assertEnded(job, second, back, again);
        }
      }
    }
  }

  @Test
  void whoComesBackByHelloToAJobOfItsOwnLeavesNoWatcher() {
    try (var gone = one.connect(stage, token);
        var back = other.connect(stage, token)) {
      var job = gone.request("r", "test.gated-job", payload).acknowledgment("r").jobId();
      hello(back, job);
      assertThat(store.subscriptions(job)).isEmpty();
      TestActions.open(gate);
      assertEnded(job, back);
      assertThat(gone.settle().framesOf(job)).noneMatch(Frame::isTerminal);
    }
  }

  @Test
  void theSameConnectionIsNoSecondOne() {
    try (var first = one.connect(stage, token)) {
      var job = first.request("r", "test.gated-job", payload).acknowledgment("r").jobId();
      first.request("r", "test.gated-job", payload);
      first.await("the second answer", frame -> "duplicate".equals(frame.status()));
      assertThat(store.subscriptions(job)).isEmpty();
      TestActions.open(gate);
      assertEnded(job, first);
    }
  }

  @Test
  void whoRepeatsWhatHasEndedLeavesNothingBehind() {
    try (var first = one.connect(stage, token);
        var second = other.connect(stage, token)) {
      TestActions.open(gate);
      var job = first.request("r", "test.gated-job", payload).acknowledgment("r").jobId();
      first.terminal(job);
      second.request("r", "test.gated-job", payload);
      assertEnded(job, first, second);
    }
  }

  /** Its holder has stored the end, and has told nobody yet. */
  @ParameterizedTest
  @ValueSource(strings = {"request", "hello", "subscribe"})
  void whoAsksAgainAtTheEndHearsAllThatIsBeforeIt(String type) {
    var stored = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    try (var first = one.connect(stage, token);
        var second = other.connect(stage, token)) {
      var job = first.request("r", "test.gated-job", payload).acknowledgment("r").jobId();
      second.request("r", "test.gated-job", payload).acknowledgment("r");
      stage
          .faults()
          .when(write -> write.sets("status", "SUCCEEDED"))
          .then(
              Trap.run(() -> {
                stored.countDown();
                awaited(asked);
              }));
      try {
        TestActions.open(gate);
        awaited(stored);
        for (var tab : List.of(first, second)) {
          ask(tab, type, job);
          // its rules have the 100 % come before it
          assertThat(tab.terminal(job).type()).isEqualTo("complete");
        }
      } finally {
        asked.countDown();
      }
      for (var tab : List.of(first, second)) {
        assertThat(tab.settle().framesOf(job).stream().filter(Frame::isTerminal)).hasSize(1);
      }
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ask(Peer tab, String type, String job) {
    switch (type) {
      case "request" -> tab.request("r", "test.gated-job", payload);
      case "hello" -> hello(tab, job);
      default -> tab.send(new JsonObject().put("type", type).put("id", "s").put("job_id", job));
    }
  }

  /** Each pair of tabs has a job of its own, and cuts and repeats as it happens to. */
  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void bothHearAllOfItHoweverOftenTheyAreCut() throws Exception {
    long seed = System.nanoTime();
    System.out.println("tabs: seed " + seed);
    var cuts = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < ROUNDS; i++) {
        var random = new Random(seed + i);
        running.add(
            threads.submit(() -> {
              cutAndRepeat(random, cuts);
              return null;
            }));
      }
      for (var pair : running) {
        pair.get();
      }
    }
    System.out.printf("tabs: %s and %s, %d rounds, %d cuts%n", one, other, ROUNDS, cuts.get());
  }

  private void cutAndRepeat(Random random, AtomicInteger cuts) {
    var own = Tokens.fresh();
    try (var first = new Tab(one, own);
        var second = new Tab(other, own)) {
      first.repeat();
      second.repeat();
      var tabs = List.of(first, second);
      for (int i = 0; i < 8; i++) {
        var tab = tabs.get(random.nextInt(2));
        switch (random.nextInt(4)) {
          case 0 -> {
            cuts.incrementAndGet();
            tab.cut();
            tab.hello();
          }
          case 1 -> {
            cuts.incrementAndGet();
            tab.cut();
            tab.repeat();
          }
          case 2 -> tab.repeat();
          default -> tab.awaitEvent(1 + random.nextInt(Tab.EVENTS));
        }
      }
      first.awaitEnd();
      second.awaitEnd();
    }
  }

  /** A client that keeps what it has had through its connections, and one connection. */
  private static final class Tab implements AutoCloseable {
    static final int EVENTS = 25;
    private static final JsonObject REQUEST =
        new JsonObject()
            .put("id", "r")
            .put("action", "delay")
            .put(
                "payload",
                new JsonObject().put("seconds", 2.5).put("steps", EVENTS).put("events", true));

    private final Door door;
    private final String token;
    private final List<Frame> before = new ArrayList<>();
    private Peer peer;
    private String job;
    private int asked;

    Tab(Door door, String token) {
      this.door = door;
      this.token = token;
      this.peer = door.connect(stage, token);
    }

    void repeat() {
      peer.send(REQUEST);
      job = peer.acknowledgment("r").jobId();
    }

    void cut() {
      before.addAll(peer.frames());
      peer.drop();
      peer = door.connect(stage, token);
    }

    void hello() {
      var id = "h-" + ++asked;
      peer.send(
          new JsonObject()
              .put("type", "hello")
              .put("id", id)
              .put("last_seq", new JsonObject().put(job, applied().lastSeq())));
      var welcome = peer.await("the welcome", frame -> frame.is("welcome"));
      assertThat(welcome.json().getBoolean("recovered")).isTrue();
    }

    void awaitEvent(int n) {
      peer.await(
          "event " + n + " or a later one", _ -> applied().rows().size() >= n || applied().ended());
    }

    void awaitEnd() {
      peer.terminal(job);
      assertThat(applied().rows()).as("the events that it has had").hasSize(EVENTS);
      if (door == Door.DIRECT) {
        assertThat(peer.framesOf(job).stream().filter(Frame::isTerminal)).hasSize(1);
      }
    }

    private Applied applied() {
      var all = new ArrayList<>(before);
      all.addAll(peer.frames());
      return Applied.from(all, job);
    }

    @Override
    public void close() {
      peer.close();
    }
  }

  private static void hello(Peer peer, String job) {
    peer.send(new JsonObject().put("type", "hello").put("last_seq", new JsonObject().put(job, 0)));
    peer.await("the welcome", frame -> frame.is("welcome"));
  }

  private static void assertEnded(String job, Peer... tabs) {
    for (var tab : tabs) {
      assertThat(tab.terminal(job).type()).isEqualTo("complete");
    }
    store.awaitDelivered(job);
    store.awaitNoSubscriptions(job);
    for (var tab : tabs) {
      assertThat(tab.settle().framesOf(job).stream().filter(Frame::isTerminal)).hasSize(1);
    }
  }
}

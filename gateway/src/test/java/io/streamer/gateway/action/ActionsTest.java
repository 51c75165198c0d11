package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.settings.Environment;
import io.streamer.testtools.Until;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ActionsTest {
  private final Vertx vertx = Vertx.vertx();
  // no run of this test writes files
  private final Actions actions = new Actions(vertx, InstantSource.system(), null);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Set<String> gone = ConcurrentHashMap.newKeySet();

  @AfterEach
  void stop() {
    actions.end().await();
    vertx.close().await();
  }

  @Test
  void anActionHasTheAttemptsThatItSaysAndAnUnknownOneTheUsual() {
    var catalogue =
        Catalogue.of(
            List.of((handlers, _) -> handlers.add(Five.class, Five::new)),
            new Environment(Map.of()));
    actions.serve(catalogue, Duration.ZERO).await();
    assertThat(actions.attempts("five")).isEqualTo(5);
    assertThat(actions.attempts("unknown")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "three"})
  void noMoreRunAtOnceThanTheActionSaysAndAPlaceIsFreeAgain(String action) throws Exception {
    var gate = new CountDownLatch(1);
    int places = action.equals("one") ? 1 : 3;
    serve((_, _) -> {
      gate.await();
      return "through";
    });
    var inside = new ArrayList<CompletableFuture<ActionReply>>();
    for (int i = 0; i < places; i++) {
      inside.add(call(action));
    }
    Until.matches("they all run", running::get, count -> count == places);
    // estimated to take longer: not among those that run here
    assertThat(call(action, Duration.ofMillis(-1)).get()).isInstanceOf(ActionReply.Queue.class);
    inside.add(call(action));
    Until.matches("the next one waits", actions::waiting, count -> count == 1);
    assertThat(running).hasValue(places);
    gate.countDown();
    for (var one : inside) {
      assertThat(one.get()).isInstanceOf(ActionReply.Answered.class);
    }
    assertThat(call(action).get()).isInstanceOf(ActionReply.Answered.class);
    assertThat(most).hasValue(places);
    assertThat(actions.waiting()).isZero();
  }

  @Test
  void aGreedyClientIsRefusedWhatDoesNotFitAndStandsInFrontOfAnotherWithOneCall() throws Exception {
    var gate = new CountDownLatch(1);
    var begun = new ConcurrentLinkedQueue<String>();
    serve((_, run) -> {
      begun.add(run.caller().user());
      gate.await();
      return "through";
    });
    var running = call("one", "greedy");
    Until.matches("it runs", begun::size, count -> count == 1);
    var greedy = new ArrayList<CompletableFuture<ActionReply>>();
    for (int i = 0; i < 1_000; i++) {
      greedy.add(call("one", "greedy"));
    }
    Until.matches(
        "all but those that wait are refused",
        () -> greedy.stream().filter(CompletableFuture::isDone).count(),
        count -> count == 1_000 - WaitingCalls.LEAST);
    var other = call("one", "other");
    Until.matches(
        "one gives way",
        () -> greedy.stream().filter(CompletableFuture::isDone).count(),
        count -> count == 1_001 - WaitingCalls.LEAST);
    gate.countDown();
    assertThat(other.get()).isInstanceOf(ActionReply.Answered.class);
    assertThat(running.get()).isInstanceOf(ActionReply.Answered.class);
    var refused = 0;
    for (var one : greedy) {
      if (one.get() instanceof ActionReply.Failed(var problem)) {
        assertThat(problem.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
        assertThat(problem.retryAfterMs()).isPositive();
        refused++;
      }
    }
    assertThat(refused).isEqualTo(1_001 - WaitingCalls.LEAST);
    assertThat(begun).hasSize(1 + WaitingCalls.LEAST);
    assertThat(List.copyOf(begun).subList(0, 3)).containsExactly("greedy", "greedy", "other");
  }

  /** A call waits for half of its action's time, here 10 ms. */
  @Test
  void aHandlerThatNeverEndsHoldsUpItsOwnActionAlone() throws Exception {
    var gate = new CountDownLatch(1);
    serve((_, run) -> {
      if (run.caller().user().equals("bad")) {
        awaitWhateverIsSaid(gate);
      }
      return "through";
    });
    assertThat(codeOf(call("hasty", "bad").get())).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(codeOf(call("hasty", "other").get())).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    assertThat(call("one", "other").get()).isInstanceOf(ActionReply.Answered.class);
    gate.countDown();
    Until.matches(
        "it has ended",
        () -> call("hasty", "other").get(),
        reply -> reply instanceof ActionReply.Answered);
  }

  private static void awaitWhateverIsSaid(CountDownLatch gate) {
    while (true) {
      try {
        gate.await();
        return;
      } catch (InterruptedException _) {
        // it goes on
      }
    }
  }

  @Test
  void whatAnEndedConnectionWaitsForIsNotBegun() throws Exception {
    var gate = new CountDownLatch(1);
    var begun = new ConcurrentLinkedQueue<String>();
    serve((_, run) -> {
      begun.add(run.caller().user());
      gate.await();
      return "through";
    });
    var running = call("one", "leaves");
    Until.matches("it runs", begun::size, count -> count == 1);
    var waits = call("one", "leaves");
    var other = call("one", "stays");
    Until.matches("both wait", actions::waiting, count -> count == 2);
    gone.add("leaves");
    actions.left("leaves");
    assertThat(codeOf(waits.get())).isEqualTo(ErrorCode.CANCELLED);
    // what was being bound meanwhile
    assertThat(codeOf(call("one", "leaves").get())).isEqualTo(ErrorCode.CANCELLED);
    gate.countDown();
    assertThat(running.get()).isInstanceOf(ActionReply.Answered.class);
    assertThat(other.get()).isInstanceOf(ActionReply.Answered.class);
    assertThat(begun).containsExactly("leaves", "stays");
  }

  /** Ends at once, but for those that found a place. */
  @Action("crowded")
  public static final class Crowded extends VertxAction<RawJson, String> {
    static final AtomicInteger CALLS = new AtomicInteger();
    static final Promise<String> FIRST = Promise.promise();

    @Override
    protected Future<String> handle(RawJson request, Run run) {
      return CALLS.incrementAndGet() <= 256 ? FIRST.future() : Future.succeededFuture("at once");
    }
  }

  @Test
  void anActionOnVertxServesThoseThatWaitOneBehindTheOther() throws Exception {
    actions.deploy(Crowded::new, new DeploymentOptions()).await();
    var calls = new ArrayList<CompletableFuture<ActionReply>>();
    for (int i = 0; i < 256 + WaitingCalls.MOST; i++) {
      calls.add(call("crowded", "c-" + i % 7));
    }
    Until.matches("the others wait", actions::waiting, count -> count == WaitingCalls.MOST);
    assertThat(codeOf(call("crowded", "c-0").get())).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    assertThat(Crowded.CALLS).hasValue(256);
    Crowded.FIRST.complete("first");
    for (var one : calls) {
      assertThat(one.get()).isInstanceOf(ActionReply.Answered.class);
    }
    assertThat(Crowded.CALLS).hasValue(256 + WaitingCalls.MOST);
  }

  @Test
  void aHandlerWhoseTimeIsUpIsInterruptedAndItsPlaceIsFree() throws Exception {
    var interrupted = new CompletableFuture<Boolean>();
    serve((_, run) -> {
      try {
        new CountDownLatch(1).await();
        return "never";
      } catch (InterruptedException _) {
        interrupted.complete(run.cancelled());
        return "too late";
      }
    });
    assertThat(codeOf(call("hasty").get())).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(interrupted.get()).as("cancelled").isFalse();
    // it leaves its place a little behind its interrupt
    Until.matches(
        "another has its place",
        () -> codeOf(call("hasty").get()),
        code -> code == ErrorCode.TIMEOUT);
  }

  private static ErrorCode codeOf(ActionReply reply) {
    return ((ActionReply.Failed) reply).problem().code();
  }

  private void serve(Handler<RawJson, String> behaviour) {
    Handler<RawJson, String> counted =
        (request, run) -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          try {
            return behaviour.handle(request, run);
          } finally {
            running.decrementAndGet();
          }
        };
    HandlerModule module =
        (handlers, _) -> {
          handlers.add(One.class, () -> new One(counted));
          handlers.add(Three.class, () -> new Three(counted));
          handlers.add(Hasty.class, () -> new Hasty(counted));
        };
    actions.serve(Catalogue.of(List.of(module), new Environment(Map.of())), Duration.ZERO).await();
  }

  private CompletableFuture<ActionReply> call(String action) {
    return call(action, Duration.ofMinutes(1));
  }

  private CompletableFuture<ActionReply> call(String action, Duration threshold) {
    return call(action, "ann", threshold);
  }

  private CompletableFuture<ActionReply> call(String action, String user) {
    return call(action, user, Duration.ofMinutes(1));
  }

  /** The user's only connection calls. */
  private CompletableFuture<ActionReply> call(String action, String user, Duration threshold) {
    var caller = new Caller("acme", user, Set.of());
    var call =
        actions.prepare(
            new ActionCall.Asked(caller, "r-1", RawJson.NULL, Map.of(), ActionCall.Traced.NOT),
            threshold);
    var replied = new CompletableFuture<ActionReply>();
    vertx.runOnContext(_ ->
        actions.call(
            actions.find(action).orElseThrow(),
            call,
            new Waiting() {
              @Override
              public String connection() {
                return user;
              }

              @Override
              public boolean isConnected() {
                return !gone.contains(user);
              }

              @Override
              public void overran() {}

              @Override
              public void replied(ActionReply reply) {
                replied.complete(reply);
              }
            }));
    return replied;
  }

  /** One at a time. */
  @Action(value = "one", concurrency = 1)
  public static final class One implements Handler<RawJson, String> {
    private final Handler<RawJson, String> behaviour;

    One(Handler<RawJson, String> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public String handle(RawJson request, Run run) throws Exception {
      return behaviour.handle(request, run);
    }
  }

  /** Three at a time. */
  @Action(value = "three", concurrency = 3)
  public static final class Three implements Handler<RawJson, String> {
    private final Handler<RawJson, String> behaviour;

    Three(Handler<RawJson, String> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public String handle(RawJson request, Run run) throws Exception {
      return behaviour.handle(request, run);
    }
  }

  /** Has hardly any time. */
  @Action(value = "hasty", timeout = "20ms", concurrency = 1)
  public static final class Hasty implements Handler<RawJson, String> {
    private final Handler<RawJson, String> behaviour;

    Hasty(Handler<RawJson, String> behaviour) {
      this.behaviour = behaviour;
    }

    @Override
    public String handle(RawJson request, Run run) throws Exception {
      return behaviour.handle(request, run);
    }
  }

  /** Tried five times. */
  @Action(value = "five", expected = "1m", attempts = 5)
  public static final class Five implements Handler<Map<String, String>, String> {
    @Override
    public String handle(Map<String, String> nothing, Run run) {
      return "";
    }
  }
}

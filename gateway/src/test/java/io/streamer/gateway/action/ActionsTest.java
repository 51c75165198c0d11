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
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
    assertThat(codeOf(call(action).get())).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    assertThat(running).hasValue(places);
    gate.countDown();
    for (var one : inside) {
      assertThat(one.get()).isInstanceOf(ActionReply.Answered.class);
    }
    assertThat(call(action).get()).isInstanceOf(ActionReply.Answered.class);
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
          running.incrementAndGet();
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
    var caller = new Caller("acme", "ann", Set.of());
    var call = actions.prepare(caller, "r-1", RawJson.NULL, Map.of(), threshold);
    var replied = new CompletableFuture<ActionReply>();
    vertx.runOnContext(_ ->
        actions.call(
            actions.find(action).orElseThrow(),
            call,
            new Waiting() {
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

package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.action.Ticket.Verdict;
import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Handler;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.action.Declared;
import io.streamer.shared.protocol.ErrorCode;
import io.streamer.shared.settings.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a call has overrun or timed out, in a time of the test's own. */
@Timeout(60)
class FlightTest {
  private static final Duration THRESHOLD = Duration.ofSeconds(5);

  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
  private final ManualLoop loop = new ManualLoop();
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** Takes ten seconds at most. */
  @Action(value = "slow", timeout = "10s")
  public static final class Slow implements Handler<RawJson, String> {
    @Override
    public String handle(RawJson nothing, Run run) {
      return "";
    }
  }

  /** The same on Vert.x. */
  @Action(value = "slow", timeout = "10s")
  public static final class OnVertx extends VertxAction<RawJson, String> {
    @Override
    protected Future<String> handle(RawJson nothing, Run run) {
      return Future.succeededFuture("");
    }
  }

  private final class Told implements Waiting {
    @Override
    public String connection() {
      return "c-1";
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void overran() {
      told.add("overran");
    }

    @Override
    public void replied(ActionReply reply) {
      told.add(
          switch (reply) {
            case ActionReply.Answered _ -> "answered";
            case ActionReply.Queue _ -> "queue";
            case ActionReply.Failed(var problem) -> problem.code().name();
          });
    }
  }

  private final ActionCall call =
      new ActionCall(
          new ActionCall.Asked(
              new Caller("acme", "ann", Set.of()),
              "r-1",
              RawJson.NULL,
              Map.of(),
              ActionCall.Traced.NOT),
          THRESHOLD,
          null,
          loop::now);

  private final ActionPlaces full = new WaitingCalls().places("slow", 1);

  @BeforeEach
  void fill() {
    assertThat(full.enter()).isTrue();
  }

  private Flight flight() {
    var catalogue =
        Catalogue.of(
            List.of((handlers, _) -> handlers.add(Slow.class, Slow::new)),
            new Environment(Map.of()));
    var deployed = Deployed.of(catalogue.find("slow").orElseThrow(), _ -> {});
    assertThat(deployed.enter()).isTrue();
    return new Flight(call, deployed, new Told(), context, loop.deadlines);
  }

  /** On the event loop, as everything of a flight but its reply. */
  private void onLoop(Runnable work) {
    var done = new CompletableFuture<Void>();
    context.runOnContext(_ -> {
      try {
        work.run();
        done.complete(null);
      } catch (Throwable e) {
        done.completeExceptionally(e);
      }
    });
    done.join();
  }

  private void pass(long seconds) {
    loop.pass(Duration.ofSeconds(seconds).toNanos());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4})
  void theThresholdCountsFromTheStartOfTheHandler(long before) {
    onLoop(() -> {
      flight();
      pass(before);
      call.start(Instant.MAX);
      pass(4);
      assertThat(told).isEmpty();
      pass(1);
      assertThat(told).containsExactly("overran");
    });
  }

  @Test
  void whatHasNotStartedDoesNotOverrun() {
    onLoop(() -> {
      flight();
      pass(9);
      assertThat(told).isEmpty();
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itsTimeIsUpWhetherItHasStartedOrNot(boolean started) {
    onLoop(() -> {
      flight();
      if (started) {
        call.start(Instant.MAX);
      }
      pass(9);
      assertThat(call.over()).isFalse();
      pass(1);
      assertThat(told).endsWith(ErrorCode.TIMEOUT.name());
      assertThat(call.over()).isTrue();
    });
  }

  /** Half of its time, or the threshold: here they are the same. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4})
  void itWaitsForAPlaceForHalfOfItsTimeAtMost(long before) {
    var verdicts = new ArrayList<Verdict>();
    onLoop(() -> {
      var flight = flight();
      pass(before);
      full.await(flight.ticket(full, verdicts::add), flight.waiting());
      pass(4);
      assertThat(verdicts).isEmpty();
      pass(1);
      assertThat(verdicts).containsExactly(Verdict.REFUSED);
      assertThat(told).as("nothing but what it is told itself").isEmpty();
      assertThat(full.waiting()).isZero();
    });
  }

  private Flight flightOnVertx() {
    var deployed = Deployed.of(new Instances(Declared.by(OnVertx.class, VertxAction.class)));
    assertThat(deployed.enter()).isTrue();
    return new Flight(call, deployed, new Told(), context, loop.deadlines);
  }

  @Test
  void anActionOnVertxThatIsNeverReachedTimesOut() {
    onLoop(() -> {
      flightOnVertx();
      pass(9);
      assertThat(told).isEmpty();
      pass(1);
      assertThat(told).containsExactly(ErrorCode.TIMEOUT.name());
      assertThat(call.over()).isTrue();
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4, 9})
  void anActionOnVertxHasItsTimeFromItsStart(long before) {
    onLoop(() -> {
      flightOnVertx();
      pass(before);
      call.start(Instant.MAX);
      pass(9);
      assertThat(told).containsExactly("overran");
      pass(1);
      assertThat(told).containsExactly("overran", ErrorCode.TIMEOUT.name());
    });
  }

  @Test
  void anActionOnVertxHasItsTimeFromWhenItWaitsForAPlace() {
    onLoop(() -> {
      var flight = flightOnVertx();
      pass(9);
      full.await(flight.ticket(full, _ -> {}), flight.waiting());
      pass(9);
      assertThat(told).isEmpty();
      pass(1);
      assertThat(told).containsExactly(ErrorCode.TIMEOUT.name());
    });
  }

  @Test
  void whatItWaitedForAPlaceIsItsHandlersTimeNoMore() {
    onLoop(() -> {
      var flight = flight();
      assertThat(flight.timeLeft()).isEqualTo(Duration.ofSeconds(10));
      full.await(flight.ticket(full, _ -> {}), flight.waiting());
      pass(4);
      full.leave();
      assertThat(flight.timeLeft()).isEqualTo(Duration.ofSeconds(6));
      call.start(Instant.MAX);
      pass(5);
      assertThat(told).containsExactly("overran");
      pass(1);
      assertThat(told).endsWith(ErrorCode.TIMEOUT.name());
    });
  }

  @Test
  void whatIsOverWaitsForNoPlace() {
    onLoop(() -> {
      var flight = flight();
      full.await(flight.ticket(full, _ -> {}), flight.waiting());
      assertThat(full.waiting()).isOne();
      flight.reply(new ActionReply.Queue());
      assertThat(full.waiting()).isZero();
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3, 7})
  void behindItsReplyNothingIsTold(long after) {
    onLoop(() -> {
      var flight = flight();
      call.start(Instant.MAX);
      pass(after);
      flight.reply(new ActionReply.Answered(RawJson.NULL));
      var before = List.copyOf(told);
      assertThat(before).endsWith("answered");
      flight.reply(new ActionReply.Queue());
      pass(60);
      assertThat(told).isEqualTo(before);
      assertThat(call.over()).isFalse();
    });
  }

  @Test
  void aReplyFromElsewhereIsToldOnTheEventLoop() {
    var flight = new CompletableFuture<Flight>();
    onLoop(() -> flight.complete(flight()));
    flight.join().reply(new ActionReply.Queue());
    onLoop(() -> assertThat(told).containsExactly("queue"));
  }
}

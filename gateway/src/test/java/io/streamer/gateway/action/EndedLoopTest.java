package io.streamer.gateway.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.handler.Action;
import io.streamer.handler.Caller;
import io.streamer.handler.Failure;
import io.streamer.handler.Handler;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Interceptor;
import io.streamer.handler.RawJson;
import io.streamer.handler.Run;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.settings.Environment;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An event loop ends with its Vert.x while the code of users runs that is to go on there. */
@Timeout(20)
class EndedLoopTest {
  private final Vertx vertx = Vertx.vertx();
  // no run of this test writes files
  private final Actions actions = new Actions(vertx, InstantSource.system(), null);
  private final CompletableFuture<Thread> inside = new CompletableFuture<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  enum Where {
    HANDLER,
    HANDLER_THAT_FAILS,
    INTERCEPTOR,
    INTERCEPTOR_THAT_REFUSES,
    FUTURE_OF_ANOTHER_THREAD
  }

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void end() {
    System.setErr(before);
  }

  @ParameterizedTest
  @EnumSource
  void whatComesBehindItIsDroppedAndNothingIsPrinted(Where where) throws Exception {
    Interceptor interceptor =
        new Interceptor() {
          @Override
          public void accept(String action, Caller caller) {
            if (where == Where.INTERCEPTOR || where == Where.INTERCEPTOR_THAT_REFUSES) {
              passTheGate();
            }
            if (where == Where.INTERCEPTOR_THAT_REFUSES) {
              throw Failure.refused("NO", "no");
            }
          }
        };
    HandlerModule module =
        (handlers, _) -> {
          handlers.add(Plain.class, () -> new Plain(where, this::passTheGate));
          if (where != Where.FUTURE_OF_ANOTHER_THREAD) {
            handlers.intercept(interceptor);
          }
        };
    actions.serve(Catalogue.of(List.of(module), new Environment(Map.of())), Duration.ZERO).await();
    actions.deploy(() -> new OnVertx(this::passTheGate), new DeploymentOptions()).await();
    call(where == Where.HANDLER || where == Where.HANDLER_THAT_FAILS ? "plain" : "on-vertx");
    var users = inside.get();
    actions.end().await();
    vertx.close().await();
    gate.countDown();
    users.join();

    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private void passTheGate() {
    inside.complete(Thread.currentThread());
    while (true) {
      try {
        gate.await();
        return;
      } catch (InterruptedException _) {
        // some do not listen
      }
    }
  }

  private void call(String action) {
    var caller = new Caller("acme", "ann", Set.of());
    var call =
        actions.prepare(
            new ActionCall.Asked(caller, "r-1", RawJson.NULL, Map.of(), ActionCall.Traced.NOT),
            Duration.ofMinutes(1));
    vertx.runOnContext(_ ->
        actions.call(
            actions.find(action).orElseThrow(),
            call,
            new Waiting() {
              @Override
              public String connection() {
                return "c-1";
              }

              @Override
              public boolean isConnected() {
                return true;
              }

              @Override
              public void overran() {}

              @Override
              public void replied(ActionReply reply) {}
            }));
  }

  /** Answers behind the gate. */
  @Action("plain")
  public static final class Plain implements Handler<RawJson, String> {
    private final Where where;
    private final Runnable gate;

    private Plain(Where where, Runnable gate) {
      this.where = where;
      this.gate = gate;
    }

    @Override
    public String handle(RawJson request, Run run) {
      gate.run();
      if (where == Where.HANDLER_THAT_FAILS) {
        throw Failure.refused("NO", "no");
      }
      return "";
    }
  }

  /** Its future ends behind the gate, on a thread that knows of no Vert.x. */
  @Action("on-vertx")
  public static final class OnVertx extends VertxAction<RawJson, String> {
    private final Runnable gate;

    private OnVertx(Runnable gate) {
      this.gate = gate;
    }

    @Override
    protected Future<String> handle(RawJson request, Run run) {
      var done = Promise.<String>promise();
      Thread.ofVirtual()
          .start(() -> {
            gate.run();
            done.complete("");
          });
      return done.future();
    }
  }
}

package io.streamer.soak.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.gateway.action.Actions;
import io.streamer.gateway.routing.Router;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.trace.Traces;
import io.streamer.soak.bench.actions.OnVertx;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From a message's bytes to those of its answer, on one event loop and without a socket. */
@State(Scope.Thread)
public class RouterBenchmark {
  private static final int CALLS = 100;

  private final byte[] request = Frames.request("vertx").getBytes(UTF_8);
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  // no run writes files
  private final Actions actions = new Actions(vertx, InstantSource.system(), null);
  private final NoSocket session = new NoSocket();
  // requests that are answered at once ask for no job
  private final Router router =
      new Router(
          actions,
          new Router.Jobs(null, null, null, null, null),
          Duration.ofSeconds(5),
          new FrameSignals(Meters.unread()),
          Traces.NONE,
          InstantSource.system(),
          _ -> {});

  @Setup
  public void deploy() {
    actions.deploy(OnVertx::new, new DeploymentOptions()).await();
  }

  /** So many in one go: the hop to the loop is no part of what a socket's message takes. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public int answerOnVertx() throws InterruptedException {
    var answered = new CountDownLatch(1);
    loop.runOnContext(_ -> {
      session.expect(CALLS, answered);
      for (int i = 0; i < CALLS; i++) {
        var _ = router.handle(session, request);
      }
    });
    answered.await();
    return session.bytes();
  }

  @TearDown
  public void end() {
    actions.end().await();
    vertx.close().await();
  }
}

package io.streamer.local.stream;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.local.aws.ManualTime;
import io.streamer.local.fault.Faults;
import io.streamer.local.lambda.LambdaEndpoint;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A scripted stream, a real Lambda endpoint and a pump between them, by a clock of the test's. */
final class ScriptedPump implements AutoCloseable {
  /**
   * Ours, one batch after the other: what a test varies. The records written ask to be started, as
   * its filter wants.
   */
  static final EventSourceMapping OURS =
      EventSourceMapping.STREAMER
          .batches(100, Duration.ZERO)
          .parallel(1)
          .onError(true, 2, Optional.empty());

  /** So long that only being woken explains progress. */
  private static final Duration NEVER = Duration.ofHours(1000);

  private final Vertx vertx = Vertx.vertx();
  final ManualTime time = new ManualTime();
  final ScriptedStream stream = new ScriptedStream(vertx, time);
  final LambdaEndpoint lambda = LambdaEndpoint.start(vertx).await();
  final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  final Faults faults = new Faults(time);
  final StreamPump pump;

  ScriptedPump(EventSourceMapping mapping) {
    this.pump =
        new StreamPump(
            new StreamPump.Settings(
                stream.uri(),
                lambda.uri(),
                "scripted",
                "function",
                NEVER,
                mapping,
                failures::add,
                time),
            faults);
  }

  void function(RequestStreamHandler handler) {
    lambda.register("function", handler);
  }

  /** Lets a pause of this length begin and pass. */
  void pass(Duration pause) throws InterruptedException {
    time.awaitTimer(pause);
    time.advance(pause);
  }

  @Override
  public void close() {
    pump.close();
    stream.close();
    lambda.close().await();
    vertx.close().await();
  }
}

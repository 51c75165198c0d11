package io.streamer.emulator.stream;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.aws.ManualClock;
import io.streamer.emulator.fault.Faults;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.vertx.core.Vertx;
import java.time.Duration;

/** A scripted stream, a real Lambda endpoint and a pump between them, by a clock of the test's. */
final class ScriptedPump implements AutoCloseable {
  /** One batch after the other, with two retries: what a test varies. */
  static final EventSourceMapping OURS = mapping(100, 1, 2);

  /** So long that only being woken explains progress. */
  private static final Duration NEVER = Duration.ofHours(1000);

  private final Vertx vertx = Vertx.vertx();
  final ManualClock time = new ManualClock();
  final ScriptedStream stream = new ScriptedStream(vertx, time);
  final LambdaEndpoint lambda = LambdaEndpoint.start(vertx).await();
  final Faults faults = new Faults(time);
  final StreamPump pump;

  ScriptedPump(EventSourceMapping mapping) {
    this.pump =
        new StreamPump(
            new StreamPump.Settings(
                stream.uri(), lambda.uri(), "scripted", "function", NEVER, mapping, time),
            faults);
  }

  /** Ours with other bounds. */
  static EventSourceMapping mapping(int batchSize, int parallelization, int retries) {
    var ours = EventSourceMapping.STREAMER;
    return new EventSourceMapping(
        batchSize, parallelization, retries, ours.maximumAge(), ours.filter());
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

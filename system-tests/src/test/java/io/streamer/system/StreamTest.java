package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.lambda.LambdaEndpoint;
import io.streamer.emulator.stream.StreamPump;
import io.streamer.local.stage.Stage;
import io.streamer.shared.action.Catalogue;
import io.streamer.shared.settings.Environment;
import io.streamer.worker.JobFunction;
import io.streamer.worker.StreamFunction;
import io.streamer.worker.Worker;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The stream between store and worker delivers at least once, and not all of it makes sense. */
class StreamTest {
  private final String token = Tokens.fresh();

  // one for each test: what one leaves in the stream would come again in the other
  private Stage stage;

  @BeforeEach
  void start() {
    stage = LocalStage.start(Map.of());
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void aRecordSeenTwiceRunsItsJobOnce() throws Exception {
    var running = UUID.randomUUID().toString();
    var done = UUID.randomUUID().toString();
    try (var peer = Door.DIRECT.connect(stage, token)) {
      TestActions.open(done);
      var ended = submit(peer, done);
      peer.terminal(ended);
      var started = submit(peer, running);
      peer.await("the start", f -> f.is("progress") && started.equals(f.jobId()));

      // reads the stream from its beginning, so every record is seen once more
      try (var second = new SecondWorker(stage)) {
        second.awaitRefused(ended);
        second.awaitRefused(started);
      }
      assertThat(TestActions.runs(done)).isEqualTo(1);
      assertThat(TestActions.runs(running)).isEqualTo(1);

      TestActions.open(running);
      assertThat(peer.terminal(started).result().getString("gate")).isEqualTo(running);
      peer.settle();
      assertThat(TestActions.runs(running)).isEqualTo(1);
      assertThat(peer.framesOf(ended)).filteredOn(Frame::isTerminal).hasSize(1);
    }
  }

  @Test
  void aRecordThatCannotBeDecodedIsSkippedAndTheShardGoesOn() throws Exception {
    var pump = stage.pump();
    pump.awaitDrained();
    try (var store = new Store(stage);
        var peer = Door.DIRECT.connect(stage, token)) {
      store.putJob(
          Map.of(
              "jobId", AttributeValue.fromS("not one of ours"),
              "status", AttributeValue.fromS("QUEUED"),
              "start", AttributeValue.fromS("1"),
              "epoch", AttributeValue.fromS("no number")));
      pump.awaitDrained();

      assertThat(pump.givenUp()).isZero();
      var gate = UUID.randomUUID().toString();
      TestActions.open(gate);
      assertThat(peer.terminal(submit(peer, gate)).type()).isEqualTo("complete");
    }
  }

  private static String submit(Peer peer, String gate) {
    return peer.request(gate, "test.gated-job", new JsonObject().put("gate", gate))
        .acknowledgment(gate)
        .jobId();
  }

  /** A pump and a worker of its own over the same tables, as after a redelivery of everything. */
  private static final class SecondWorker implements AutoCloseable {
    private final Map<String, CountDownLatch> handled = new ConcurrentHashMap<>();
    private final Vertx vertx = Vertx.vertx();
    private final LambdaEndpoint lambda = LambdaEndpoint.start(vertx).await();
    private final Worker worker;
    private final StreamFunction streamFunction;
    private final StreamPump pump;

    SecondWorker(Stage stage) {
      var environment =
          new Environment(
              Map.of(
                  "AWS_ENDPOINT_URL_DYNAMODB", stage.dynamo().toString(),
                  "AWS_ENDPOINT_URL_LAMBDA", lambda.uri().toString(),
                  "AWS_REGION", "us-east-1",
                  "AWS_ACCESS_KEY_ID", "local",
                  "AWS_SECRET_ACCESS_KEY", "local",
                  "STREAMER_TABLE_PREFIX", stage.tablePrefix(),
                  "STREAMER_JOB_FUNCTION", "jobs",
                  "STREAMER_INTERNAL_SECRET", "unused"));
      worker =
          new Worker(
              environment,
              Catalogue.of(List.of(new TestActions()), environment),
              Worker.Hooks.NONE);
      streamFunction = new StreamFunction(environment);
      lambda.register("stream", streamFunction);
      lambda.register("jobs", new Counted(new JobFunction(worker)));
      pump =
          new StreamPump(
              new StreamPump.Settings(
                  stage.dynamo(),
                  lambda.uri(),
                  stage.tablePrefix() + "-jobs",
                  "stream",
                  Duration.ofMillis(250)));
      pump.start();
    }

    void awaitRefused(String jobId) throws InterruptedException {
      assertThat(latch(jobId).await(20, TimeUnit.SECONDS))
          .as("the record of " + jobId + " came again")
          .isTrue();
    }

    private CountDownLatch latch(String jobId) {
      return handled.computeIfAbsent(jobId, _ -> new CountDownLatch(1));
    }

    @Override
    public void close() {
      pump.close();
      streamFunction.close();
      worker.close();
      vertx.close().await();
    }

    private final class Counted implements RequestStreamHandler {
      private final JobFunction function;

      Counted(JobFunction function) {
        this.function = function;
      }

      @Override
      public void handleRequest(InputStream input, OutputStream output, Context context)
          throws IOException {
        var event = input.readAllBytes();
        function.handleRequest(new ByteArrayInputStream(event), output, context);
        latch(new JsonObject(io.vertx.core.buffer.Buffer.buffer(event)).getString("jobId"))
            .countDown();
      }
    }
  }
}

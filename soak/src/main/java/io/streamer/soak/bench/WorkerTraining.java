package io.streamer.soak.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A job function from its start over a few events, of jobs that are no more, to its end. */
final class WorkerTraining implements AutoCloseable {
  private static final int EVENTS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String EVENT = "{\"jobId\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":1}";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final AtomicInteger handedOut = new AtomicInteger();
  private final CountDownLatch answers = new CountDownLatch(EVENTS);

  private WorkerTraining() {
    server = vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1").await();
  }

  static void run(List<String> command, Path scratch) throws IOException {
    try (var store = StubStore.start();
        var runtime = new WorkerTraining()) {
      var builder =
          new ProcessBuilder(command)
              .directory(scratch.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT);
      builder
          .environment()
          .putAll(
              Map.of(
                  "AWS_LAMBDA_RUNTIME_API",
                  "127.0.0.1:" + runtime.server.actualPort(),
                  "AWS_LAMBDA_FUNCTION_NAME",
                  "training",
                  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                  "512",
                  "AWS_ENDPOINT_URL_DYNAMODB",
                  store.address().toString(),
                  "AWS_REGION",
                  "us-east-1",
                  "AWS_ACCESS_KEY_ID",
                  "training",
                  "AWS_SECRET_ACCESS_KEY",
                  "training",
                  "STREAMER_INTERNAL_SECRET",
                  "training"));
      var process = builder.start();
      // one that ends before its time answers no more
      var _ = process.onExit().thenRun(runtime::over);
      try {
        if (!runtime.answers.await(PATIENCE.toSeconds(), TimeUnit.SECONDS) || !process.isAlive()) {
          throw new IOException("the worker answered too few events");
        }
        process.toHandle().destroy();
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private void over() {
    while (answers.getCount() > 0) {
      answers.countDown();
    }
  }

  /** As Lambda's runtime API does (developer guide, "Using the Lambda runtime API"). */
  private void serve(HttpServerRequest request) {
    var response = request.response();
    if (!request.path().endsWith("/next")) {
      answers.countDown();
      response.setStatusCode(202).end();
      return;
    }
    int event = handedOut.incrementAndGet();
    // who asks for one more waits for ever, as it would there
    if (event <= EVENTS) {
      response
          .putHeader("Lambda-Runtime-Aws-Request-Id", "training-" + event)
          .putHeader(
              "Lambda-Runtime-Deadline-Ms",
              Long.toString(Instant.now().plusSeconds(60).toEpochMilli()))
          .putHeader(
              "Lambda-Runtime-Invoked-Function-Arn",
              "arn:aws:lambda:us-east-1:000000000000:function:training")
          .putHeader(
              "Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
          .putHeader("Content-Type", "application/json")
          .end(EVENT);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}

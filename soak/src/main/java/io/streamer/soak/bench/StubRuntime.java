package io.streamer.soak.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lambda's runtime API for one job function (developer guide, "Using the Lambda runtime API"),
 * which hands out so many events, of jobs that are no more.
 */
final class StubRuntime implements AutoCloseable {
  private static final String EVENT = "{\"jobId\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"epoch\":1}";
  private static final String NAME = "bench";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final int events;
  private final Runnable asked;
  private final Runnable answered;
  private final AtomicInteger handedOut = new AtomicInteger();

  /**
   * Starts it.
   *
   * @param asked called before each event is handed out
   * @param answered called for whatever the function says: of an event, or of its own start
   */
  StubRuntime(int events, Runnable asked, Runnable answered) {
    this.events = events;
    this.asked = asked;
    this.answered = answered;
    server = vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1").await();
  }

  /**
   * Starts the function's process.
   *
   * @param folder where it runs
   * @param output what becomes of what it prints
   */
  Process function(
      List<String> command, Path folder, StubStore store, ProcessBuilder.Redirect output)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output);
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_LAMBDA_RUNTIME_API",
                "127.0.0.1:" + server.actualPort(),
                "AWS_LAMBDA_FUNCTION_NAME",
                NAME,
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                "512",
                "AWS_ENDPOINT_URL_DYNAMODB",
                store.address().toString(),
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                NAME,
                "AWS_SECRET_ACCESS_KEY",
                NAME,
                "STREAMER_INTERNAL_SECRET",
                NAME));
    return builder.start();
  }

  private void serve(HttpServerRequest request) {
    var response = request.response();
    if (!request.path().endsWith("/next")) {
      answered.run();
      response.setStatusCode(202).end();
      return;
    }
    int event = handedOut.incrementAndGet();
    // who asks for one more waits for ever, as it would there
    if (event <= events) {
      asked.run();
      response
          .putHeader("Lambda-Runtime-Aws-Request-Id", NAME + "-" + event)
          .putHeader(
              "Lambda-Runtime-Deadline-Ms",
              Long.toString(Instant.now().plusSeconds(60).toEpochMilli()))
          .putHeader(
              "Lambda-Runtime-Invoked-Function-Arn",
              "arn:aws:lambda:us-east-1:000000000000:function:" + NAME)
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

package io.streamer.soak.bench.stub;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Lambda's runtime API for one job function (developer guide, "Using the Lambda runtime API"),
 * which hands out the same event so many times.
 */
public final class StubRuntime implements AutoCloseable {
  private static final String NAME = "bench";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final String event;
  private final int events;
  private final Runnable asked;
  private final Consumer<Answered> answered;
  private final AtomicInteger handedOut = new AtomicInteger();

  /** What a function says of an event, or of its own start. */
  public enum Answered {
    WELL,
    FAILED
  }

  /**
   * Starts it.
   *
   * @param event what it hands out
   * @param asked called before each event is handed out
   * @param answered takes whatever the function says
   */
  public StubRuntime(String event, int events, Runnable asked, Consumer<Answered> answered) {
    this.event = event;
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
  public Process function(
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
      answered.accept(request.path().endsWith("/error") ? Answered.FAILED : Answered.WELL);
      response.setStatusCode(202).end();
      return;
    }
    int number = handedOut.incrementAndGet();
    // who asks for one more waits for ever, as it would there
    if (number <= events) {
      asked.run();
      response
          .putHeader("Lambda-Runtime-Aws-Request-Id", NAME + "-" + number)
          .putHeader(
              "Lambda-Runtime-Deadline-Ms",
              Long.toString(Instant.now().plusSeconds(60).toEpochMilli()))
          .putHeader(
              "Lambda-Runtime-Invoked-Function-Arn",
              "arn:aws:lambda:us-east-1:000000000000:function:" + NAME)
          .putHeader(
              "Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
          .putHeader("Content-Type", "application/json")
          .end(event);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}

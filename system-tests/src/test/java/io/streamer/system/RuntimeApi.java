package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;

/**
 * Lambda's side of one process, as <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">the Runtime API</a>
 * describes it: the process asks for its next invocation and posts what came of it.
 */
final class RuntimeApi implements AutoCloseable {
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final Pattern OUTCOME = Pattern.compile("invocation/([^/]+)/(response|error)");

  private final HttpServer server;
  private final BlockingQueue<Invocation> next = new LinkedBlockingQueue<>();
  private final Map<String, Invocation> taken = new ConcurrentHashMap<>();
  private final CompletableFuture<JsonObject> initError = new CompletableFuture<>();

  /** What a process answered. */
  sealed interface Answer {

    record Response(String body) implements Answer {}

    /** The function threw. */
    record Failure(JsonObject error) implements Answer {}
  }

  /** One event on its way; its time counts from when the process takes it. */
  static final class Invocation {
    private final String id = UUID.randomUUID().toString();
    private final byte[] event;
    private final Duration time;
    final CompletableFuture<Void> handedOut = new CompletableFuture<>();
    final CompletableFuture<Answer> answer = new CompletableFuture<>();

    Invocation(byte[] event, Duration time) {
      this.event = event;
      this.time = time;
    }
  }

  RuntimeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    // a process that was killed leaves its long poll behind, on a thread of its own
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(PREFIX, this::serve);
    server.start();
  }

  /** As {@code AWS_LAMBDA_RUNTIME_API} wants it. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  Invocation offer(byte[] event, Duration time) {
    var invocation = new Invocation(event, time);
    next.add(invocation);
    return invocation;
  }

  /** What the process posts if it cannot even begin. */
  CompletableFuture<JsonObject> initError() {
    return initError;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath().substring(PREFIX.length());
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (path.equals("invocation/next")) {
      handOut(exchange);
      return;
    }
    var outcome = OUTCOME.matcher(path);
    if (path.equals("init/error")) {
      initError.complete(new JsonObject(body));
    } else if (outcome.matches() && taken.containsKey(outcome.group(1))) {
      taken
          .remove(outcome.group(1))
          .answer
          .complete(
              outcome.group(2).equals("error")
                  ? new Answer.Failure(new JsonObject(body))
                  : new Answer.Response(body));
    } else {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(202, -1);
    exchange.close();
  }

  private void handOut(HttpExchange exchange) throws IOException {
    Invocation invocation;
    try {
      invocation = next.take();
    } catch (InterruptedException _) {
      exchange.close();
      return;
    }
    taken.put(invocation.id, invocation);
    var headers = exchange.getResponseHeaders();
    headers.set("Lambda-Runtime-Aws-Request-Id", invocation.id);
    headers.set(
        "Lambda-Runtime-Deadline-Ms",
        Long.toString(System.currentTimeMillis() + invocation.time.toMillis()));
    headers.set(
        "Lambda-Runtime-Invoked-Function-Arn",
        "arn:aws:lambda:us-east-1:000000000000:function:under-test");
    headers.set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0");
    headers.set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, invocation.event.length);
    try (var out = exchange.getResponseBody()) {
      out.write(invocation.event);
    }
    invocation.handedOut.complete(null);
  }
}

package io.streamer.emulator.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.aws.BoundedBody;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A function whose code runs in other processes: they ask here for their next event and post what
 * came of it (developer guide, "Using the Lambda runtime API"). Each process takes one event at a
 * time; events wait until one is free. A process that goes away fails the event it holds.
 *
 * <p>Unlike Lambda it starts no processes, and does not end one whose time is up: that one's answer
 * is refused.
 */
public final class RuntimeApi implements RequestStreamHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RuntimeApi.class);
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final Pattern OUTCOME =
      Pattern.compile(PREFIX + "invocation/([^/]{1,64})/(response|error)");
  private static final String TRACE = "Root=1-00000000-000000000000000000000000;Sampled=0";

  private record Invocation(Buffer event, Context context, CompletableFuture<Buffer> answer) {}

  /** A process that is free; it is answered on its own event loop. */
  private record Poll(io.vertx.core.Context loop, HttpServerRequest request) {}

  private final Vertx vertx;
  private final HttpServer server;

  // all under this object's lock
  private final Deque<Invocation> waiting = new ArrayDeque<>();
  private final Deque<Poll> free = new ArrayDeque<>();
  private final Map<String, Invocation> taken = new HashMap<>();
  private final Map<HttpConnection, String> held = new HashMap<>();

  private RuntimeApi(Vertx vertx, String host, int port) {
    this.vertx = vertx;
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHost(host).setPort(port).setHttp2ClearTextEnabled(false))
            .connectionHandler(connection -> connection.closeHandler(_ -> gone(connection)))
            .requestHandler(this::serve);
  }

  /**
   * Starts one function's runtime API.
   *
   * @param port what the processes find in {@code AWS_LAMBDA_RUNTIME_API}; 0 for any free one
   */
  public static Future<RuntimeApi> start(Vertx vertx, String host, int port) {
    var api = new RuntimeApi(vertx, host, port);
    return api.server.listen().map(api);
  }

  public int port() {
    return server.actualPort();
  }

  /**
   * Gives the event to the next free process and waits for its answer.
   *
   * @throws FunctionError if the process reports an error or goes away
   * @throws InterruptedIOException if the run's time is up, or it was killed
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var invocation =
        new Invocation(Buffer.buffer(input.readAllBytes()), context, new CompletableFuture<>());
    offer(invocation);
    try {
      output.write(invocation.answer().get().getBytes());
    } catch (InterruptedException _) {
      withdraw(invocation);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the run of " + context.getFunctionName() + " was ended");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof FunctionError error ? error : new IOException(e.getCause());
    }
  }

  private void serve(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)
        && request.path().equals(PREFIX + "invocation/next")) {
      next(request);
      return;
    }
    var outcome = OUTCOME.matcher(request.path());
    if (!request.method().equals(HttpMethod.POST)
        || !(outcome.matches() || request.path().equals(PREFIX + "init/error"))) {
      request.response().setStatusCode(404).end();
      return;
    }
    BoundedBody.read(request, Invocations.MAX_BYTES)
        .onSuccess(body -> {
          if (outcome.matches()) {
            boolean failed = outcome.group(2).equals("error");
            accept(request, outcome.group(1), failed, body);
          } else {
            initFailed(body);
            request.response().setStatusCode(202).end();
          }
        })
        .onFailure(_ -> request.response().setStatusCode(413).end());
  }

  private synchronized void offer(Invocation invocation) {
    var poll = free.poll();
    if (poll == null) {
      waiting.add(invocation);
    } else {
      hand(invocation, poll);
    }
  }

  private synchronized void next(HttpServerRequest request) {
    held.remove(request.connection());
    var poll = new Poll(vertx.getOrCreateContext(), request);
    var invocation = waiting.poll();
    if (invocation == null) {
      free.add(poll);
    } else {
      hand(invocation, poll);
    }
  }

  private void hand(Invocation invocation, Poll poll) {
    var id = invocation.context().getAwsRequestId();
    taken.put(id, invocation);
    held.put(poll.request().connection(), id);
    poll.loop().runOnContext(_ -> send(invocation, poll.request().response()));
  }

  private static void send(Invocation invocation, HttpServerResponse response) {
    var context = invocation.context();
    var deadline = System.currentTimeMillis() + context.getRemainingTimeInMillis();
    response
        .putHeader("Lambda-Runtime-Aws-Request-Id", context.getAwsRequestId())
        .putHeader("Lambda-Runtime-Deadline-Ms", Long.toString(deadline))
        .putHeader("Lambda-Runtime-Invoked-Function-Arn", context.getInvokedFunctionArn())
        .putHeader("Lambda-Runtime-Trace-Id", TRACE)
        .putHeader("Content-Type", "application/json")
        .end(invocation.event());
  }

  private synchronized void accept(
      HttpServerRequest request, String requestId, boolean failed, Buffer body) {
    HttpServerResponse response = request.response();
    var invocation = Optional.ofNullable(taken.remove(requestId));
    held.remove(request.connection());
    if (invocation.isEmpty()) {
      response.setStatusCode(400).end();
      return;
    }
    if (failed) {
      invocation.get().answer().completeExceptionally(new FunctionError(body));
    } else {
      invocation.get().answer().complete(body);
    }
    response.setStatusCode(202).end();
  }

  /** A process that cannot begin fails what waits, as its invocations on Lambda would fail. */
  private synchronized void initFailed(Buffer body) {
    LOG.error("a process could not begin: {}", body);
    waiting.forEach(each -> each.answer().completeExceptionally(new FunctionError(body)));
    waiting.clear();
  }

  private synchronized void gone(HttpConnection connection) {
    free.removeIf(poll -> poll.request().connection().equals(connection));
    Optional.ofNullable(held.remove(connection))
        .map(taken::remove)
        .ifPresent(invocation ->
            invocation
                .answer()
                .completeExceptionally(
                    FunctionError.exited(invocation.context().getAwsRequestId())));
  }

  private synchronized void withdraw(Invocation invocation) {
    waiting.remove(invocation);
    taken.remove(invocation.context().getAwsRequestId());
  }
}

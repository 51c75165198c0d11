package io.streamer.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.local.aws.BoundedBody;
import io.streamer.local.aws.LocalAws;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda's Invoke on 127.0.0.1, around function classes in this process.
 *
 * <p>As Lambda with {@code MaximumRetryAttempts} 0: an asynchronous run that fails is logged and
 * not repeated. Unlike Lambda, one handler object serves all runs of its function at once, and a
 * run past its deadline is not killed.
 */
public final class LambdaEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(LambdaEndpoint.class);
  private static final Pattern INVOKE =
      Pattern.compile("/2015-03-31/functions/([^/]{1,170})/invocations");

  private static final int MAX_SYNC_BYTES = 6 * 1024 * 1024;
  private static final int MAX_EVENT_BYTES = 1024 * 1024;
  private static final int MAX_RUNNING = 1_000;
  private static final int MAX_WAITING = 10_000;
  private static final Duration TIMEOUT = Duration.ofMinutes(15);

  private final Vertx vertx;
  private final HttpServer server;
  private final Invocations invocations;
  private final Map<String, RequestStreamHandler> functions = new ConcurrentHashMap<>();

  private LambdaEndpoint(Vertx vertx, Invocations invocations) {
    this.vertx = vertx;
    this.invocations = invocations;
    this.server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
  }

  /** Starts an endpoint without functions on a free port. */
  public static Future<LambdaEndpoint> start(Vertx vertx) {
    return start(vertx, new Invocations(MAX_RUNNING, MAX_WAITING));
  }

  static Future<LambdaEndpoint> start(Vertx vertx, Invocations invocations) {
    var endpoint = new LambdaEndpoint(vertx, invocations);
    return endpoint.server.requestHandler(endpoint::invoke).listen().map(endpoint);
  }

  /** Adds or replaces a function; the handler is called by many threads at once. */
  public void register(String name, RequestStreamHandler handler) {
    functions.put(name, handler);
  }

  /** Where it listens, as {@code http://127.0.0.1:port}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /**
   * Waits until no function runs and none is queued; false if {@code limit} passed before. Not for
   * event loops.
   */
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return invocations.awaitIdle(limit);
  }

  /** Stops listening; what runs goes on, see {@link #awaitIdle}. */
  public Future<Void> close() {
    return server.close();
  }

  private void invoke(HttpServerRequest request) {
    var requestId = UUID.randomUUID().toString();
    request.response().putHeader("x-amzn-RequestId", requestId);
    var path = INVOKE.matcher(request.path());
    if (!path.matches() || !request.method().equals(HttpMethod.POST)) {
      refuse(request.response(), 404, "UnknownOperationException", "only Invoke is known here");
      return;
    }
    var name = path.group(1);
    var type =
        Optional.ofNullable(request.getHeader("X-Amz-Invocation-Type")).orElse("RequestResponse");
    var limit = type.equals("Event") ? MAX_EVENT_BYTES : MAX_SYNC_BYTES;
    BoundedBody.read(request, limit)
        .onFailure(_ -> {
          if (!request.response().closed()) {
            refuse(
                request.response(),
                413,
                "RequestEntityTooLargeException",
                "Request must be smaller than "
                    + limit
                    + " bytes for the InvokeFunction operation");
          }
        })
        .onSuccess(body -> run(request.response(), requestId, name, type, body));
  }

  private void run(
      HttpServerResponse response, String requestId, String name, String type, Buffer body) {
    var handler = functions.get(name);
    if (handler == null) {
      refuse(
          response,
          404,
          "ResourceNotFoundException",
          "Function not found: " + LocalAws.functionArn(name));
      return;
    }
    var event = body.length() == 0 ? Buffer.buffer("{}") : body;
    if (!isJson(event)) {
      refuse(
          response,
          400,
          "InvalidRequestContentException",
          "Could not parse request body into json");
      return;
    }
    switch (type) {
      case "RequestResponse" -> {
        var context = vertx.getOrCreateContext();
        if (!invocations.start(
            () -> answer(context, response, call(requestId, name, handler, event)))) {
          throttle(response);
        }
      }
      case "Event" -> {
        if (invocations.enqueue(
            () -> log(requestId, name, call(requestId, name, handler, event)))) {
          response.setStatusCode(202).end();
        } else {
          throttle(response);
        }
      }
      case "DryRun" -> response.setStatusCode(204).end();
      default ->
          refuse(
              response, 400, "InvalidParameterValueException", "unknown invocation type " + type);
    }
  }

  private static FunctionResult call(
      String requestId, String name, RequestStreamHandler handler, Buffer event) {
    var context = new LambdaContext(name, requestId, TIMEOUT);
    return FunctionResult.of(handler, event, context, MAX_SYNC_BYTES);
  }

  private static void answer(Context context, HttpServerResponse response, FunctionResult result) {
    response.putHeader("X-Amz-Executed-Version", LambdaContext.VERSION);
    response.putHeader("Content-Type", "application/json");
    var body =
        switch (result) {
          case FunctionResult.Returned(var payload) -> payload;
          case FunctionResult.Failed(var problem) -> {
            response.putHeader("X-Amz-Function-Error", "Unhandled");
            yield problem;
          }
        };
    context.runOnContext(_ -> response.end(body));
  }

  private static void log(String requestId, String name, FunctionResult result) {
    switch (result) {
      case FunctionResult.Returned _ -> LOG.debug("{} {} ended", name, requestId);
      case FunctionResult.Failed(var problem) ->
          LOG.warn("{} {} failed: {}", name, requestId, problem);
    }
  }

  private static boolean isJson(Buffer text) {
    try {
      Json.decodeValue(text);
      return true;
    } catch (DecodeException _) {
      return false;
    }
  }

  private static void throttle(HttpServerResponse response) {
    response.putHeader("Retry-After", "1");
    refuse(response, 429, "TooManyRequestsException", "Rate Exceeded.");
  }

  private static void refuse(HttpServerResponse response, int status, String type, String message) {
    response
        .setStatusCode(status)
        .putHeader("x-amzn-ErrorType", type)
        .putHeader("Content-Type", "application/json")
        .end(JsonObject.of("Type", "User", "Message", message).toBuffer());
  }
}

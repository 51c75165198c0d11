package io.streamer.emulator.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.streamer.emulator.aws.BoundedBody;
import io.streamer.emulator.aws.Timekeeper;
import io.streamer.emulator.fault.Fault;
import io.streamer.emulator.fault.Faults;
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
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Lambda's Invoke, around function classes in this process or, by a {@link RuntimeApi}, in others.
 *
 * <p>Unlike Lambda, one handler object serves all runs of its function at once, and the thread of a
 * run that timed out or was killed is only interrupted.
 */
public final class LambdaEndpoint {
  private static final Pattern INVOKE =
      Pattern.compile("/2015-03-31/functions/([^/]{1,512})/invocations");
  private static final int MAX_EVENT_BYTES = 1024 * 1024;
  private static final int MAX_RUNNING = FunctionSettings.ACCOUNT;

  /** Lambda keeps whatever comes; an event of ours is 100 bytes. */
  private static final int MAX_WAITING = 1_000_000;

  private final Vertx vertx;
  private final Faults faults;
  private final HttpServer server;
  private final Invocations invocations;
  private final AsyncQueue events;
  private final Map<String, Function> functions = new ConcurrentHashMap<>();

  private LambdaEndpoint(
      Vertx vertx,
      HttpServerOptions address,
      Timekeeper time,
      int maxRunning,
      int maxWaiting,
      Faults faults) {
    this.vertx = vertx;
    this.faults = faults;
    this.invocations = new Invocations(maxRunning, time);
    this.events = new AsyncQueue(invocations, time, maxWaiting);
    this.server = vertx.createHttpServer(address);
  }

  /** Starts an endpoint without functions on a free port of loopback, by the machine's clock. */
  public static Future<LambdaEndpoint> start(Vertx vertx) {
    return start(vertx, Timekeeper.system(), Faults.none());
  }

  /** The same by this clock, where calls go wrong as the faults say. */
  public static Future<LambdaEndpoint> start(Vertx vertx, Timekeeper time, Faults faults) {
    return start(vertx, time, MAX_RUNNING, MAX_WAITING, faults);
  }

  /** Starts an endpoint without functions at this address, by the machine's clock. */
  public static Future<LambdaEndpoint> start(Vertx vertx, String host, int port) {
    var address = new HttpServerOptions().setHost(host).setPort(port);
    return new LambdaEndpoint(
            vertx, address, Timekeeper.system(), MAX_RUNNING, MAX_WAITING, Faults.none())
        .listen();
  }

  static Future<LambdaEndpoint> start(
      Vertx vertx, Timekeeper time, int maxRunning, int maxWaiting, Faults faults) {
    var address = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    return new LambdaEndpoint(vertx, address, time, maxRunning, maxWaiting, faults).listen();
  }

  private Future<LambdaEndpoint> listen() {
    return server.requestHandler(this::invoke).listen().map(this);
  }

  /**
   * Adds or replaces a function with Streamer's settings; many threads call the handler at once.
   */
  public void register(String name, RequestStreamHandler handler) {
    register(name, handler, FunctionSettings.STREAMER);
  }

  /** Adds or replaces a function; many threads call the handler at once. */
  public void register(String name, RequestStreamHandler handler, FunctionSettings settings) {
    functions.put(name, new Function(name, handler, settings));
  }

  /** Where this machine reaches it, as {@code http://127.0.0.1:port}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** How many asynchronous events were given up, because their run failed or they were too old. */
  public int givenUp() {
    return events.givenUp();
  }

  /**
   * Ends every run of a function as if its process had died: callers get {@code Runtime.ExitError},
   * the runs' threads are interrupted and left to themselves, a {@link Killable} is told.
   *
   * @return how many runs there were
   */
  public int kill(String function) {
    return invocations.kill(function);
  }

  /** Ends one run in this way; false if it is over. */
  public boolean killRun(String requestId) {
    return invocations.killRun(requestId);
  }

  /**
   * Waits until no function runs and no event waits; false if {@code limit} passed before. Not for
   * event loops.
   */
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return invocations.awaitIdle(limit);
  }

  /** Stops listening and drops events that wait; what runs goes on, see {@link #awaitIdle}. */
  public Future<Void> close() {
    events.close();
    return server.close();
  }

  private void invoke(HttpServerRequest request) {
    var requestId = UUID.randomUUID().toString();
    request.response().putHeader("x-amzn-RequestId", requestId);
    var path = INVOKE.matcher(request.path());
    if (!path.matches() || !request.method().equals(HttpMethod.POST)) {
      Answers.refuse(
          request.response(), 404, "UnknownOperationException", "only Invoke is known here");
      return;
    }
    var name = URLDecoder.decode(path.group(1), StandardCharsets.UTF_8);
    var type =
        Optional.ofNullable(request.getHeader("X-Amz-Invocation-Type")).orElse("RequestResponse");
    var limit = type.equals("Event") ? MAX_EVENT_BYTES : Invocations.MAX_BYTES;
    BoundedBody.read(request, limit)
        .onFailure(_ -> {
          if (!request.response().closed()) {
            Answers.refuse(
                request.response(),
                413,
                "RequestEntityTooLargeException",
                "Request must be smaller than "
                    + limit
                    + " bytes for the InvokeFunction operation");
          }
        })
        .onSuccess(body ->
            Optional.ofNullable(functions.get(name))
                .ifPresentOrElse(
                    function -> run(request.response(), requestId, function, type, body),
                    () -> Answers.notFound(request.response(), name)));
  }

  private void run(
      HttpServerResponse response, String requestId, Function function, String type, Buffer body) {
    var event = body.length() == 0 ? Buffer.buffer("{}") : body;
    if (!isJson(event)) {
      Answers.refuse(
          response,
          400,
          "InvalidRequestContentException",
          "Could not parse request body into json");
      return;
    }
    faults
        .invoke(function.name())
        .ifPresentOrElse(
            wrong -> disturb(wrong, response, requestId, function, type, event),
            () -> perform(response, requestId, function, type, event));
  }

  private void disturb(
      Fault.OfInvoke fault,
      HttpServerResponse response,
      String requestId,
      Function function,
      String type,
      Buffer event) {
    switch (fault) {
      case Fault.Throttle _ -> Answers.throttle(response, function);
      case Fault.Fail _ ->
          Answers.refuse(response, 500, "ServiceException", "Internal server error");
      case Fault.Delay(var length) -> {
        var context = vertx.getOrCreateContext();
        invocations.reserve();
        faults.later(
            length,
            () ->
                context.runOnContext(_ -> {
                  perform(response, requestId, function, type, event);
                  invocations.release();
                }));
      }
      case Fault.Duplicate _ -> {
        switch (type) {
          case "Event" -> events.add(function, requestId, event);
          default -> invocations.start(function, requestId, event, _ -> {});
        }
        perform(response, requestId, function, type, event);
      }
      case Fault.Lose _ -> {
        switch (type) {
          case "Event" -> response.setStatusCode(202).end();
          default -> {
            var _ = response.reset();
          }
        }
      }
    }
  }

  private void perform(
      HttpServerResponse response, String requestId, Function function, String type, Buffer event) {
    switch (type) {
      case "RequestResponse" -> {
        var context = vertx.getOrCreateContext();
        var started =
            invocations.start(
                function, requestId, event, result -> Answers.answer(context, response, result));
        if (!started) {
          Answers.throttle(response, function);
        }
      }
      case "Event" -> {
        if (events.add(function, requestId, event)) {
          response.setStatusCode(202).end();
        } else {
          // Lambda's queue has no end that a caller gets to see
          Answers.refuse(
              response,
              500,
              "ServiceException",
              "too many asynchronous events are waiting; try again");
        }
      }
      default ->
          Answers.refuse(
              response, 400, "InvalidParameterValueException", "unknown invocation type " + type);
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
}

package io.streamer.emulator.integration;

import io.streamer.emulator.aws.BoundedBody;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the backends as an {@code HTTP_PROXY} integration behind a network load balancer does. */
public final class IntegrationCalls {
  private static final Logger LOG = LoggerFactory.getLogger(IntegrationCalls.class);

  private static final int MAX_CALLS = 2_000;
  private static final int MAX_WAITING = 20_000;
  private static final int CONNECT_TIMEOUT_MS = 3_000;
  // shorter than a backend's own, so that a call does not meet a connection that is being closed
  private static final int KEEP_ALIVE_SECONDS = 15;

  private final HttpClient client;
  private final Backends backends;
  private final Timers timers;
  private final Duration patience;
  private final int mostBytes;
  private final Target connect;
  private final Target message;
  private final Target disconnect;

  private record Target(String path, RequestParameters parameters) {}

  /**
   * Calls of these routes.
   *
   * @param patience until a backend has answered
   * @param mostBytes of an answer
   * @throws IllegalArgumentException for a mapping that AWS does not know
   */
  public IntegrationCalls(
      Vertx vertx,
      Routes routes,
      Backends backends,
      Timers timers,
      Duration patience,
      int mostBytes) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(MAX_CALLS).setMaxWaitQueueSize(MAX_WAITING));
    this.backends = backends;
    this.timers = timers;
    this.patience = patience;
    this.mostBytes = mostBytes;
    this.connect = target(RouteKey.CONNECT, routes.connect());
    this.message = target(RouteKey.DEFAULT, routes.message());
    this.disconnect = target(RouteKey.DISCONNECT, routes.disconnect());
  }

  private static Target target(RouteKey route, Routes.Integration integration) {
    return new Target(
        integration.path(), RequestParameters.parse(route, integration.requestParameters()));
  }

  /** Calls the integration of the event's route. Does not fail. */
  public Future<IntegrationOutcome> call(Invocation invocation) {
    var target =
        switch (invocation.route()) {
          case CONNECT -> connect;
          case DEFAULT -> message;
          case DISCONNECT -> disconnect;
        };
    return new Attempt(invocation, target).start();
  }

  public Future<Void> close() {
    return client.close();
  }

  /** One call, until it is answered or out of time. */
  private final class Attempt {
    private final Invocation invocation;
    private final Target target;
    private final Promise<IntegrationOutcome> outcome = Promise.promise();
    private @Nullable HttpClientRequest sent;

    Attempt(Invocation invocation, Target target) {
      this.invocation = invocation;
      this.target = target;
    }

    Future<IntegrationOutcome> start() {
      var timer = timers.after(patience.toMillis(), this::outOfTime);
      send()
          .onSuccess(outcome::tryComplete)
          .onFailure(e -> {
            if (outcome.tryComplete(new IntegrationOutcome.Failed())) {
              LOG.debug("{} to {}: {}", invocation.route(), target.path(), e.toString());
            }
          })
          .onComplete(_ -> timer.cancel());
      return outcome.future();
    }

    private void outOfTime() {
      if (outcome.tryComplete(new IntegrationOutcome.TimedOut()) && sent != null) {
        var _ = sent.reset();
      }
    }

    private Future<IntegrationOutcome> send() {
      RequestOptions request;
      try {
        request = request();
      } catch (IllegalArgumentException e) {
        // a mapped value that HTTP cannot carry
        return Future.failedFuture(e);
      }
      return connect(request, backends.inTurn().iterator())
          .compose(connected -> {
            sent = connected;
            if (outcome.future().isComplete()) {
              var _ = connected.reset();
              return Future.failedFuture(new StreamResetException(0));
            }
            return connected.send(invocation.cause().body());
          })
          .compose(this::answered);
    }

    private Future<HttpClientRequest> connect(RequestOptions request, Iterator<URI> backends) {
      if (!backends.hasNext()) {
        return Future.failedFuture(new ConnectException("no backend takes connections"));
      }
      var backend = backends.next();
      boolean tls = "https".equals(backend.getScheme());
      var path = Optional.ofNullable(backend.getPath()).orElse("").replaceAll("/$", "");
      var here =
          new RequestOptions(request)
              .setHost(backend.getHost())
              .setPort(backend.getPort() < 0 ? (tls ? 443 : 80) : backend.getPort())
              .setSsl(tls)
              .setURI(path + request.getURI());
      return client
          .request(here)
          .recover(e ->
              e instanceof ConnectException || e instanceof UnknownHostException
                  ? connect(request, backends)
                  : Future.failedFuture(e));
    }

    private Future<IntegrationOutcome> answered(HttpClientResponse response) {
      return BoundedBody.read(response, mostBytes)
          .map(body ->
              new IntegrationOutcome.Answered(
                  response.statusCode(),
                  Optional.ofNullable(response.getHeader("Sec-WebSocket-Protocol")),
                  body));
    }

    private RequestOptions request() {
      var headers = MultiMap.caseInsensitiveMultiMap();
      ProxyHeaders.put(headers, invocation);
      target.parameters().apply(invocation, headers);
      var options = new RequestOptions().setMethod(HttpMethod.POST).setURI(uri());
      headers.forEach((name, value) -> options.addHeader(name, value));
      return options;
    }

    private String uri() {
      var query = invocation.handshake().map(Invocation.Cause.Connect::query).orElse("");
      return query.isEmpty() ? target.path() : target.path() + "?" + query;
    }
  }
}

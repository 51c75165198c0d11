package io.streamer.gateway.apigateway;

import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.connection.ConnectionCleanup;
import io.streamer.gateway.connection.DoorTerms;
import io.streamer.gateway.connection.FrameSender;
import io.streamer.gateway.http.Refusal;
import io.streamer.gateway.http.SharedSecrets;
import io.streamer.gateway.push.Pushes;
import io.streamer.gateway.signal.FrameSignals;
import io.streamer.gateway.signal.HandshakeSignals;
import io.streamer.gateway.store.Stores;
import io.streamer.shared.log.Seldom;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP_PROXY integrations of a WebSocket API: {@link ApiRoute} names their paths, {@link
 * Mapping} their headers. Only requests that carry the shared secret are heard.
 */
public final class Integrations {
  private static final Logger LOG = LoggerFactory.getLogger(Integrations.class);

  /** A client may ask for connections as often as it likes. */
  private static final Seldom SELDOM = new Seldom(LOG, InstantSource.system());

  /** Messages under way in this task. */
  private static final int MOST = 2_048;

  /** Of them, of one connection. */
  private static final int MOST_OF_ONE = 256;

  /** API Gateway waits 29 s for an integration, whatever is set (its quotas page). */
  private static final Duration PATIENCE = Duration.ofSeconds(27);

  /**
   * Well below the 10 minutes after which API Gateway cuts an idle connection (its quotas page).
   */
  private static final long HEARTBEAT_MS = 240_000;

  /** API Gateway closes a connection at a larger frame (its quotas page). */
  private static final int FRAME_BYTES = 32_768;

  private final SharedSecrets secrets;
  private final ConnectDecision handshake;
  private final Messages messages;
  private final ApiDirectory directory;
  private final HandshakeSignals handshakes;
  private final int maxMessageBytes;
  private final BooleanSupplier stopping;
  private final AtomicInteger deciding = new AtomicInteger();

  Integrations(
      SharedSecrets secrets,
      ConnectDecision handshake,
      Messages messages,
      ApiDirectory directory,
      HandshakeSignals handshakes,
      int maxMessageBytes,
      BooleanSupplier stopping) {
    this.secrets = secrets;
    this.handshake = handshake;
    this.messages = messages;
    this.directory = directory;
    this.handshakes = handshakes;
    this.maxMessageBytes = maxMessageBytes;
    this.stopping = stopping;
  }

  /**
   * What the integrations need of the gateway.
   *
   * @param ttl of a connection's row without activity
   * @param stopping whether the task is about to end: its HTTP connections should go elsewhere
   */
  public record Door(
      IntegrationSettings settings,
      TokenVerifier verifier,
      Stores stores,
      ConnectionCleanup farewell,
      Duration ttl,
      io.streamer.gateway.routing.Router router,
      FrameSender delivery,
      Pushes pushes,
      DoorTerms terms,
      FrameSignals frames,
      HandshakeSignals handshakes,
      BooleanSupplier stopping) {}

  /** The integrations of one task. */
  public static Integrations create(Vertx vertx, Door door, InstantSource clock) {
    var stores = door.stores();
    var directory =
        new ApiDirectory(
            vertx, stores.dynamo(), stores.connections(), door.farewell(), door.ttl(), clock);
    var settings = door.settings();
    var terms = door.terms();
    return new Integrations(
        new SharedSecrets(settings::secrets),
        new ConnectDecision(door.verifier(), directory, settings.endpoints(), clock),
        new Messages(
            vertx,
            directory,
            door.router(),
            known -> new Exchange(known, terms, door.delivery(), door.frames(), clock),
            door.pushes(),
            new Messages.Bounds(MOST, MOST_OF_ONE, PATIENCE, terms.maxMessageBytes()),
            clock),
        directory,
        door.handshakes(),
        terms.maxMessageBytes(),
        door.stopping());
  }

  /** This door's terms. */
  public static DoorTerms terms(int maxMessageBytes, String server) {
    return new DoorTerms(HEARTBEAT_MS, DoorTerms.MAX_AGE_MS, maxMessageBytes, FRAME_BYTES, server);
  }

  /** Adds the routes. */
  public void mount(Router http) {
    mount(http, ApiRoute.CONNECT, this::connect);
    mount(http, ApiRoute.MESSAGE, this::message);
    mount(http, ApiRoute.DISCONNECT, this::disconnect);
  }

  /** Whether no request waits for its answer, and nothing is to follow one. */
  public boolean idle() {
    return deciding.get() == 0 && messages.idle();
  }

  private void mount(Router http, ApiRoute route, Consumer<HttpServerRequest> handler) {
    // a stage or a base path may stand in front
    http.postWithRegex(".*" + route.path())
        .handler(context -> {
          var request = context.request();
          leaveWhenStopping(request.response());
          if (secrets.include(request.headers().getAll(Mapping.SECRET_HEADER))) {
            handler.accept(request);
          } else {
            refuse(request.response(), 403, "forbidden", "forbidden");
          }
        });
  }

  /**
   * API Gateway keeps its connections: what it sent through one when the process ends would be lost
   * to its client.
   */
  private void leaveWhenStopping(HttpServerResponse response) {
    response.headersEndHandler(_ -> {
      if (stopping.getAsBoolean()) {
        response.putHeader(HttpHeaders.CONNECTION, "close");
      }
    });
  }

  private void connect(HttpServerRequest request) {
    deciding.incrementAndGet();
    handshake
        .decide(request)
        .onComplete(_ -> deciding.decrementAndGet())
        .onSuccess(decision -> {
          switch (decision) {
            case ConnectDecision.Decision.Accepted(var streamer) -> {
              handshakes.opened();
              if (streamer) {
                // API Gateway selects none by itself (developer guide, "$connect route that
                // requires a subprotocol")
                request.response().putHeader("Sec-WebSocket-Protocol", "streamer.v1");
              }
              request.response().end();
            }
            case ConnectDecision.Decision.Refused(var status, var code, var message) -> {
              handshakes.refused(status);
              LOG.debug("a connection is refused with {}: {}, {}", status, code, message);
              turnAway(request.response(), status);
            }
          }
        })
        .onFailure(e -> {
          SELDOM.error("deciding on a connection", Seldom.of(e));
          handshakes.refused(500);
          turnAway(request.response(), 500);
        });
  }

  private void message(HttpServerRequest request) {
    var mapped = new MappedHeaders(request.headers());
    var text = Buffer.buffer();
    request.handler(part -> {
      // one byte too many is enough to know
      int room = maxMessageBytes + 1 - text.length();
      text.appendBuffer(part, 0, Math.min(room, part.length()));
    });
    request.endHandler(_ -> {
      if (text.length() > maxMessageBytes) {
        messages.refuseTooLarge(body -> end(request, body));
      } else {
        messages.take(mapped, text.getBytes(), body -> end(request, body));
      }
    });
  }

  /** Best effort, as API Gateway's own call is: it may come late, twice or never. */
  private void disconnect(HttpServerRequest request) {
    deciding.incrementAndGet();
    new MappedHeaders(request.headers())
        .connection()
        .map(directory::closed)
        .orElseGet(Future::succeededFuture)
        .onComplete(_ -> {
          deciding.decrementAndGet();
          request.response().end();
        });
  }

  /** Always 200: another status would not reach the client, nor would its body. */
  private static Future<Void> end(HttpServerRequest request, byte[] body) {
    var response = request.response();
    if (body.length > 0) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    }
    return response.end(Buffer.buffer(body));
  }

  /** Without a body: API Gateway hands on the status alone. */
  private static void turnAway(HttpServerResponse response, int status) {
    response.setStatusCode(status).end();
  }

  private static void refuse(HttpServerResponse response, int status, String code, String text) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(Refusal.body(code, text));
  }
}

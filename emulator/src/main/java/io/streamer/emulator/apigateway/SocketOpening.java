package io.streamer.emulator.apigateway;

import io.streamer.emulator.integration.ClientFacts;
import io.streamer.emulator.integration.Ids;
import io.streamer.emulator.integration.IntegrationOutcome;
import io.streamer.emulator.integration.Invocation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.Optional;

/** Opens sockets: the backend is asked before the client gets its 101. */
final class SocketOpening {
  private final DeployedApi api;
  private final TokenBucket handshakes;
  private final Idlers idlers;
  private final PortEvents strangers;

  /**
   * Opens them for an API.
   *
   * @param handshakes each takes one, besides one of the API's requests
   */
  SocketOpening(DeployedApi api, TokenBucket handshakes, Idlers idlers, PortEvents strangers) {
    this.api = api;
    this.handshakes = handshakes;
    this.idlers = idlers;
    this.strangers = strangers;
  }

  void handle(HttpServerRequest request) {
    // before anything is kept for it
    if (hasBody(request)) {
      turnAway(request, 400, "a handshake has no body");
      return;
    }
    if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
      request.response().putHeader("Sec-WebSocket-Version", "13");
      turnAway(request, 426, "Upgrade Required");
      return;
    }
    if (!request.headers().contains("Sec-WebSocket-Key")) {
      turnAway(request, 400, "there is no Sec-WebSocket-Key");
      return;
    }
    if (!handshakes.take() || !api.requests().take()) {
      Edge.refuse(request, 429, "Too Many Requests");
      return;
    }
    if (!api.connections().claim()) {
      Edge.refuse(request, 503, "this emulator holds all the connections it may");
      return;
    }
    request.pause();
    var peer = peer(request);
    var cause =
        new Invocation.Cause.Connect(
            request.headers(), Optional.ofNullable(request.query()).orElse(""));
    // at $connect AWS gives both times one value
    var invocation = new Invocation(peer, Ids.next(), peer.connectedAt(), cause);
    api.integrations().call(invocation).onSuccess(outcome -> decide(request, invocation, outcome));
  }

  private static boolean hasBody(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  private void turnAway(HttpServerRequest request, int status, String message) {
    request.response().putHeader(HttpHeaders.CONNECTION, "close");
    Edge.refuse(request, status, message);
    idlers.dismiss(request);
  }

  private void decide(
      HttpServerRequest request, Invocation invocation, IntegrationOutcome outcome) {
    switch (outcome) {
      case IntegrationOutcome.Answered answer when answer.isSuccess() ->
          accept(request, invocation.peer(), answer.subprotocol());
      // nothing else of the answer goes on
      case IntegrationOutcome.Answered(var status, _, _) ->
          refuse(request, status, Buffer.buffer());
      case IntegrationOutcome.Failed _ ->
          refuse(request, 502, Buffer.buffer(invocation.problem("Internal server error")));
      case IntegrationOutcome.TimedOut _ ->
          refuse(request, 504, Buffer.buffer(invocation.problem("Endpoint request timed out")));
    }
  }

  private ClientFacts peer(HttpServerRequest request) {
    var remote = request.remoteAddress();
    var local = request.localAddress();
    return new ClientFacts(
        Ids.next(),
        api.timers().millis(),
        local == null ? api.settings().port() : local.port(),
        remote == null ? "" : remote.hostAddress(),
        Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse(""));
  }

  private void accept(HttpServerRequest request, ClientFacts peer, Optional<String> subprotocol) {
    // the server itself picks none: a backend that forgets to answer one fails here as on AWS
    subprotocol.ifPresent(name -> request.response().putHeader("Sec-WebSocket-Protocol", name));
    Future<ServerWebSocket> upgraded;
    try {
      upgraded = request.toWebSocket();
    } catch (IllegalStateException e) {
      upgraded = Future.failedFuture(e);
    }
    upgraded
        .onSuccess(socket -> {
          idlers.forget(request.connection());
          open(peer, socket);
        })
        .onFailure(e -> {
          // the backend has taken it in, so it is told of the end
          strangers.failed("a handshake broke off", e);
          api.connections().release();
          api.disconnects().ended(peer);
        });
  }

  private void open(ClientFacts peer, ServerWebSocket socket) {
    var connection = new Connection(peer, socket, api.timers(), api.settings(), api.faults());
    api.connections().add(connection);
    connection.ended().onSuccess(_ -> api.disconnects().ended(peer));
    var messages = new MessageCalls(connection, api.integrations(), api.timers(), api.requests());
    var seen = api.settings().traffic();
    var inbox =
        new Inbox(
            connection,
            api.settings().limits().sizes(),
            message -> {
              seen.received(peer.connectionId(), message);
              messages.take(message);
            });
    socket.frameHandler(inbox::take);
    socket.exceptionHandler(e -> {
      strangers.failed("a socket broke off", e);
      // now: Vert.x ends the connection behind this handler
      inbox.broken(e);
    });
  }

  private void refuse(HttpServerRequest request, int status, Buffer body) {
    api.connections().release();
    request.resume();
    if (!request.response().closed()) {
      request.response().setStatusCode(status).putHeader(HttpHeaders.CONNECTION, "close").end(body);
      idlers.dismiss(request);
    }
  }
}

package io.streamer.gateway.apigateway;

import io.streamer.gateway.auth.HandshakeToken;
import io.streamer.gateway.auth.TokenVerifier;
import io.streamer.gateway.auth.Verified;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.log.About;
import io.streamer.shared.log.Seldom;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides at {@code $connect} whether a socket may open. It opens once this is answered: nothing
 * can be pushed before.
 */
final class ConnectDecision {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectDecision.class);

  /** A client may ask for connections as often as it likes. */
  private static final Seldom SELDOM = new Seldom(LOG, InstantSource.system());

  private static final String PROTOCOL = "streamer.v1";
  private static final int MAX_USER_AGENT = 256;
  private static final int MAX_ADDRESS = 64;

  private final TokenVerifier verifier;
  private final ApiDirectory directory;
  private final Set<String> endpoints;
  private final InstantSource clock;

  /** What API Gateway is answered; of a refusal, the status reaches the client. */
  sealed interface Decision {
    /**
     * The socket opens.
     *
     * @param streamer whether the client offered our subprotocol, which is then to be selected
     */
    record Accepted(boolean streamer) implements Decision {}

    record Refused(int status, String code, String message) implements Decision {}
  }

  /**
   * A handshake.
   *
   * @param endpoints the aliases of the APIs that may call
   */
  ConnectDecision(
      TokenVerifier verifier, ApiDirectory directory, Set<String> endpoints, InstantSource clock) {
    this.verifier = verifier;
    this.directory = directory;
    this.endpoints = endpoints;
    this.clock = clock;
  }

  Future<Decision> decide(HttpServerRequest request) {
    var mapped = new MappedHeaders(request.headers());
    var id = mapped.connection();
    var endpoint = mapped.endpoint().filter(endpoints::contains);
    if (id.isEmpty()) {
      return refused(400, "invalid_connection", "no connection id is mapped, or an odd one");
    }
    if (endpoint.isEmpty()) {
      SELDOM.warn(
          "an API is not known", Mapping.API_HEADER + " names none of STREAMER_API_ENDPOINTS");
      return refused(400, "unknown_api", "this gateway does not know the API");
    }
    var query = request.query();
    var handshake = mapped.handshake();
    var token = HandshakeToken.find(handshake, mapped.query(query == null ? "" : query));
    boolean streamer =
        handshake.getAll("Sec-WebSocket-Protocol").stream()
            .flatMap(offers -> Arrays.stream(offers.split(",", -1)))
            .anyMatch(offer -> offer.strip().equals(PROTOCOL));
    return verifier
        .verify(token)
        .compose(verified ->
            switch (verified) {
              case Verified.Refused(var status, var code, var message) ->
                  refused(status, code, message);
              case Verified.Granted granted ->
                  open(row(id.get(), endpoint.get(), mapped, granted), streamer);
            });
  }

  private ConnectionRow row(
      String id, String endpoint, MappedHeaders mapped, Verified.Granted granted) {
    long now = clock.millis();
    var caller = granted.caller();
    return new ConnectionRow(
        id,
        caller.tenant(),
        caller.user(),
        caller.permissions(),
        endpoint,
        mapped.text(Mapping.SOURCE_ADDRESS, MAX_ADDRESS),
        mapped.text(Mapping.USER_AGENT, MAX_USER_AGENT),
        mapped.connectedAt(now),
        now,
        granted.expiresAtMs(),
        directory.expiry(now, granted.expiresAtMs()));
  }

  /**
   * Unlike the direct door, which knows its sockets: here a message without a row has no caller.
   */
  private Future<Decision> open(ConnectionRow row, boolean streamer) {
    return directory
        .open(row)
        .<Decision>map(_ -> new Decision.Accepted(streamer))
        .onSuccess(_ ->
            About.connectionOf(row.tenant(), row.id())
                .in(LOG.atDebug())
                .log("connection {} opened by {}", row.id(), row.tenant()))
        .recover(e -> {
          SELDOM.warn("a connection has no row and is refused", e.toString());
          return refused(
              503, "service_unavailable", "connections cannot be taken right now, come back");
        });
  }

  private static Future<Decision> refused(int status, String code, String message) {
    return Future.succeededFuture(new Decision.Refused(status, code, message));
  }
}

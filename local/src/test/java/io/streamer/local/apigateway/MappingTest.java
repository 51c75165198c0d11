package io.streamer.local.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.local.apigateway.Settings.Integration;
import io.streamer.local.apigateway.Settings.Routes;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code request_parameters}, as Terraform writes them. */
class MappingTest {
  @Test
  void atConnectTheHandshakeAndTheContextCanBeMapped() throws Exception {
    var mapped =
        headers(
            "auth", "route.request.header.Authorization",
            "token", "route.request.querystring.token",
            "tags", "route.request.multivaluequerystring.tag",
            "last-tag", "route.request.querystring.tag",
            "own", "route.request.multivalueheader.X-Own",
            "static", "'it''s fixed'",
            "colour", "stageVariables.colour",
            "none", "stageVariables.none",
            "ip", "context.identity.sourceIp",
            "connected", "context.connectedAt",
            "epoch", "context.requestTimeEpoch",
            "time", "context.requestTime",
            "extended", "context.extendedRequestId",
            "route", "context.routeKey",
            "stage", "context.stage",
            "api", "context.apiId",
            "domain", "context.domainName",
            "message", "context.messageId",
            "principal", "context.authorizer.principalId");
    mapped.put("integration.request.querystring.added", "'a b&c'");
    try (var edge = Emulated.routed(Emulated.routes(mapped));
        var socket =
            new RawSocket(
                URI.create(edge.gateway.socketUri() + "?token=t%2B1&tag=a&tag=b"),
                Map.of("Authorization", "Bearer x", "X-Own", "mine"))) {
      assertThat(socket.status()).isEqualTo(101);
      var seen = edge.backend.next();
      assertThat(seen.header("auth")).isEqualTo("Bearer x");
      assertThat(seen.header("token")).isEqualTo("t+1");
      assertThat(seen.header("tags")).isEqualTo("a,b");
      assertThat(seen.header("last-tag")).isEqualTo("b");
      assertThat(seen.header("own")).isEqualTo("mine");
      assertThat(seen.header("static")).isEqualTo("it''s fixed");
      assertThat(seen.header("colour")).isEqualTo("blue");
      assertThat(seen.header("ip")).isEqualTo("127.0.0.1");
      assertThat(seen.header("connected")).isEqualTo("1795219200000");
      assertThat(seen.header("epoch")).isEqualTo(seen.header("connected"));
      assertThat(seen.header("time")).isEqualTo("21/Nov/2026:00:00:00 +0000");
      assertThat(seen.header("extended")).isEqualTo(seen.header("requestId"));
      assertThat(seen.header("route")).isEqualTo("$connect");
      assertThat(seen.header("stage")).isEqualTo("dev");
      assertThat(seen.header("api")).isEqualTo("local0api1");
      assertThat(seen.header("domain")).isEqualTo(edge.gateway.socketUri().getAuthority());
      assertThat(seen.headers()).doesNotContainKeys("None", "Message", "Principal");
      assertThat(seen.uri().getRawQuery()).isEqualTo("token=t%2B1&tag=a&tag=b&added=a+b%26c");
    }
  }

  @Test
  void ofAMessageFieldsOfItsBodyCanBeMapped() throws Exception {
    var mapped =
        headers(
            "action", "route.request.body.action",
            "deep", "route.request.body.a.b",
            "object", "route.request.body.a",
            "missing", "route.request.body.a.c",
            "message", "context.messageId",
            "connected", "context.connectedAt");
    var routes = Emulated.routes(Map.of());
    try (var edge =
            Emulated.routed(
                new Routes(
                    routes.connect(),
                    Optional.of(new Integration("/m", mapped)),
                    Optional.empty()));
        var open = edge.open()) {
      open.socket().text("{\"action\":\"line\\r\\nX-Evil: 1\",\"a\":{\"b\":7}}");
      var seen = edge.backend.next();
      assertThat(seen.header("action")).isEqualTo("line  X-Evil: 1");
      assertThat(seen.headers()).doesNotContainKeys("X-evil", "Missing");
      assertThat(seen.header("deep")).isEqualTo("7");
      assertThat(seen.header("object")).isEqualTo("{\"b\":7}");
      assertThat(seen.header("message")).matches("[A-Za-z0-9_-]{15}=");
      assertThat(seen.header("connected")).isEqualTo("1795219200000");

      open.socket().text("no json");
      assertThat(edge.backend.next().headers()).doesNotContainKeys("Action", "Deep");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "integration.request.header.x, context.connectionid, no context variable",
    "integration.request.header.x, $context.connectionId, the source must be",
    "integration.request.header.x, route.request.header.X, at $connect only",
    "integration.request.header.x, route.request.querystring.X, at $connect only",
    "integration.request.header., context.connectionId, a name is missing",
    "append:header.x, context.connectionId, the target must be"
  })
  void aMappingThatAwsDoesNotKnowIsRefusedAtTheStart(String target, String source, String why) {
    var wrong = Optional.of(new Integration("/m", Map.of(target, source)));
    var routes = new Routes(Optional.empty(), wrong, Optional.empty());
    assertThatThrownBy(() -> Emulated.routed(routes).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(target)
        .hasMessageContaining("$default")
        .hasMessageContaining(why);
  }

  private static Map<String, String> headers(String... pairs) {
    var mapped = new HashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      mapped.put("integration.request.header." + pairs[i], pairs[i + 1]);
    }
    return mapped;
  }
}

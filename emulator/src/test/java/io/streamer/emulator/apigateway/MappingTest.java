package io.streamer.emulator.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamer.emulator.integration.Routes;
import io.streamer.emulator.integration.Routes.Integration;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code request_parameters}, as Terraform writes them. */
class MappingTest {
  @Test
  void atConnectTheHandshakeAndTheContextCanBeMapped() throws Exception {
    var mapped =
        headers(
            "auth", "route.request.header.Authorization",
            "token", "route.request.querystring.token",
            "last-tag", "route.request.querystring.tag",
            "bare", "route.request.querystring.bare",
            "none", "route.request.querystring.none",
            "static", "'it''s fixed'",
            "ip", "context.identity.sourceIp",
            "agent", "context.identity.userAgent",
            "connected", "context.connectedAt",
            "message", "context.messageId");
    try (var edge = Emulated.routed(Emulated.routes(mapped));
        var socket =
            new RawSocket(
                URI.create(edge.gateway.socketUri() + "?token=t%2B1&tag=a&tag=b&bare"),
                Map.of("Authorization", "Bearer x\tand more"))) {
      assertThat(socket.status()).isEqualTo(101);
      var seen = edge.backend.next();
      assertThat(seen.header("auth")).isEqualTo("Bearer x and more");
      assertThat(seen.header("token")).isEqualTo("t+1");
      assertThat(seen.header("last-tag")).isEqualTo("b");
      assertThat(seen.header("bare")).isEmpty();
      assertThat(seen.header("static")).isEqualTo("it''s fixed");
      assertThat(seen.header("ip")).isEqualTo("127.0.0.1");
      assertThat(seen.header("connected")).isEqualTo("1795219200000");
      assertThat(seen.headers()).doesNotContainKeys("None", "Agent", "Message");
      assertThat(seen.uri().getRawQuery()).isEqualTo("token=t%2B1&tag=a&tag=b&bare");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%0D%0A", "%0A", "%0D", "%00", "%7F"})
  void aControlCharacterInAMappedValueMakesNoHeader(String control) throws Exception {
    var mapped = headers("tag", "route.request.querystring.tag");
    var query = "?tag=a" + control + "Evil:1";
    try (var edge = Emulated.routed(Emulated.routes(mapped));
        var socket = new RawSocket(URI.create(edge.gateway.socketUri() + query), Map.of())) {
      assertThat(socket.status()).isEqualTo(101);
      var seen = edge.backend.next();
      assertThat(seen.header("tag")).matches("a {1,2}Evil:1");
      assertThat(seen.headers()).doesNotContainKey("Evil");
    }
  }

  @Test
  void ofAMessageTheContextCanBeMapped() throws Exception {
    var routes = Emulated.routes(Map.of());
    var mapped = headers("message", "context.messageId", "connected", "context.connectedAt");
    try (var edge =
            Emulated.routed(
                new Routes(routes.connect(), new Integration("/m", mapped), routes.disconnect()));
        var open = edge.open()) {
      open.socket().text("a");
      var seen = edge.backend.next();
      assertThat(seen.path()).isEqualTo("/m");
      assertThat(seen.header("message")).matches("[A-Za-z0-9_-]{15}=");
      assertThat(seen.header("connected")).isEqualTo("1795219200000");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "integration.request.header.x, context.connectionid, no context variable",
    "integration.request.header.x, context.routeKey, no context variable",
    "integration.request.header.x, stageVariables.colour, the source must be",
    "integration.request.header.x, route.request.body.action, the source must be",
    "integration.request.querystring.x, context.connectionId, the target must be",
    "integration.request.header.x, $context.connectionId, the source must be",
    "integration.request.header.x, route.request.header.X, at $connect only",
    "integration.request.header.x, route.request.querystring.X, at $connect only",
    "integration.request.header., context.connectionId, a name is missing",
    "append:header.x, context.connectionId, the target must be"
  })
  void aMappingThatIsNotKnownIsRefusedAtTheStart(String target, String source, String why) {
    var plain = Emulated.routes(Map.of());
    var wrong = new Integration("/m", Map.of(target, source));
    var routes = new Routes(plain.connect(), wrong, plain.disconnect());
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

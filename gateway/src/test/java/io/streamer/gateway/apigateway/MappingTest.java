package io.streamer.gateway.apigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTest {
  /** As the developer guide lists the forms of a WebSocket API's parameters. */
  private static final Pattern KEY =
      Pattern.compile("integration\\.request\\.header\\.[A-Za-z0-9-]+");

  private static final Pattern VALUE =
      Pattern.compile(
          "context\\.[a-zA-Z.]+|route\\.request\\.(header|querystring)\\.[A-Za-z-]+|'[^']+'");

  @ParameterizedTest
  @EnumSource(ApiRoute.class)
  void everyRouteTellsWhoCallsForWhichConnection(ApiRoute route) {
    assertThat(Mapping.requestParameters(route, "s3cret", "main"))
        .contains(
            entry("integration.request.header.X-Streamer-Connection", "context.connectionId"),
            entry("integration.request.header.X-Streamer-Integration", "'s3cret'"),
            entry("integration.request.header.X-Streamer-Api", "'main'"))
        .allSatisfy((key, value) -> {
          assertThat(key).matches(KEY);
          assertThat(value).matches(VALUE);
        });
  }

  @Test
  void theHandshakeIsReadAtConnectAlone() {
    assertThat(Mapping.routeParameters(ApiRoute.CONNECT))
        .containsExactlyInAnyOrder(
            "route.request.header.Authorization",
            "route.request.header.Sec-WebSocket-Protocol",
            "route.request.header.Origin",
            "route.request.querystring.Authorization",
            "route.request.querystring.token");
    assertThat(Mapping.routeParameters(ApiRoute.MESSAGE)).isEmpty();
    assertThat(Mapping.routeParameters(ApiRoute.DISCONNECT)).isEmpty();
  }

  @Test
  void onlyAMessageHasAMessageId() {
    assertThat(
            Arrays.stream(ApiRoute.values())
                .filter(route -> Mapping.of(route).contains(Mapping.MESSAGE_ID)))
        .containsExactly(ApiRoute.MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "it's", "two words", "line\nbreak", "ümlaut"})
  void aStaticValueThatWouldBreakItsQuotesIsRefusedUnseen(String secret) {
    assertThatThrownBy(() -> Mapping.requestParameters(ApiRoute.MESSAGE, secret, "main"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters")
        .satisfies(e -> assertThat(secret.isEmpty() || !e.getMessage().contains(secret)).isTrue());
  }
}

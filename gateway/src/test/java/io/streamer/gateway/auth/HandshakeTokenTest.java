package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTokenTest {
  private static MultiMap headers(String... namesAndValues) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  private static String offer(String token) {
    return "streamer.v1, bearer." + Tokens.base64(token);
  }

  @Test
  void theSubprotocolComesBeforeTheHeaderAndTheHeaderBeforeTheQuery() {
    var offered = offer("a.b.c");
    var query = "token=h.i.j&Authorization=e.f.g";

    assertThat(
            HandshakeToken.find(
                headers("sec-websocket-protocol", offered, "authorization", "Bearer d.d.d"), query))
        .isEqualTo("a.b.c");
    assertThat(HandshakeToken.find(headers("authorization", "Bearer d.d.d"), query))
        .isEqualTo("d.d.d");
    assertThat(HandshakeToken.find(headers(), query)).isEqualTo("e.f.g");
    assertThat(HandshakeToken.find(headers(), "token=h.i.j")).isEqualTo("h.i.j");
    assertThat(HandshakeToken.find(headers(), null)).isNull();
  }

  @Test
  void theOfferMayStandInAnyPlaceOfTheListOrInAHeaderOfItsOwn() {
    var token = Tokens.base64("a.b.c");

    assertThat(
            HandshakeToken.find(
                headers("Sec-WebSocket-Protocol", "bearer." + token + ",streamer.v1"), null))
        .isEqualTo("a.b.c");
    assertThat(
            HandshakeToken.find(
                headers(
                    "Sec-WebSocket-Protocol",
                    "streamer.v1",
                    "Sec-WebSocket-Protocol",
                    "bearer." + token),
                null))
        .isEqualTo("a.b.c");
    assertThat(HandshakeToken.find(headers("Sec-WebSocket-Protocol", "streamer.v1"), null))
        .isNull();
  }

  @Test
  void anOfferThatIsNotBase64IsNotReplacedByAnotherSource() {
    assertThat(
            HandshakeToken.find(
                headers(
                    "Sec-WebSocket-Protocol",
                    "streamer.v1, bearer.a.b.c",
                    "Authorization",
                    "Bearer d.d.d"),
                null))
        .isEqualTo("bearer.a.b.c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c", " Bearer a.b.c "})
  void theHeadersSchemeIsBearerInAnyCase(String header) {
    assertThat(HandshakeToken.find(headers("Authorization", header), null)).isEqualTo("a.b.c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic a.b.c", "a.b.c", "Bearer", "Bearer ", "Bearera.b.c"})
  void aHeaderOfAnotherSchemeCarriesNoToken(String header) {
    assertThat(HandshakeToken.find(headers("Authorization", header), "token=q.q.q"))
        .isEqualTo("q.q.q");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization=a.b.c",
        "Authorization=Bearer+a.b.c",
        "Authorization=Bearer%20a.b.c",
        "Authorization=Bearer a.b.c",
        "Authorization=bearer%20a.b.c",
        "Authorization=a%2Eb%2ec",
        "x=1&Authorization=a.b.c&y=2",
        "token=a.b.c",
        "token=Bearer+a.b.c",
        "token=Bearer%20a%2Eb%2Ec",
        "t%6Fken=a.b.c",
        "&&token=a.b.c&token=other",
        "Authorization=&token=a.b.c"
      })
  void aQueryMayWriteTheTokenInManyWays(String query) {
    assertThat(HandshakeToken.find(headers(), query)).isEqualTo("a.b.c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "authorization=a.b.c",
        "Token=a.b.c",
        "mytoken=a.b.c",
        "token",
        "token=",
        "=a.b.c",
        "x=token=a.b.c"
      })
  void otherParametersCarryNoToken(String query) {
    assertThat(HandshakeToken.find(headers(), query)).isNull();
  }

  @Test
  void aBrokenPercentSignIsLeftForTheVerifierToRefuse() {
    assertThat(HandshakeToken.find(headers(), "token=a%zz")).isEqualTo("a%zz");
  }
}

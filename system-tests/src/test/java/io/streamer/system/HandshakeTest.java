package io.streamer.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.streamer.system.Peer.Handshake;
import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in, by which form of token, and how the others are told. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class HandshakeTest {
  @Parameter Door door;

  @Test
  void aTokenInTheSubprotocolIsTakenAndNeverSelected() {
    var offer = "bearer." + Tokens.encode(Tokens.of("ann", "acme").getBytes(UTF_8));
    var opened = door.knock("", builder -> builder.subprotocols("streamer.v1", offer));
    try (var peer = assertInstanceOf(Handshake.Opened.class, opened).peer()) {
      assertThat(peer.subprotocol()).isEqualTo("streamer.v1");
      assertIsAnn(peer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "Bearer  "})
  void aTokenInTheHeaderIsTaken(String scheme) {
    var token = scheme + Tokens.of("ann", "acme");
    var opened = door.knock("", builder -> builder.header("Authorization", token));
    try (var peer = assertInstanceOf(Handshake.Opened.class, opened).peer()) {
      assertIsAnn(peer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?Authorization=%s",
        "?token=%s",
        "?Authorization=Bearer+%s",
        "?Authorization=Bearer%%20%s",
        "?token=Bearer+%s",
        "?token=Bearer%%20%s",
        "?first=1&token=%s&last=2",
        "?%%61uthorization=x&Authorization=%s"
      })
  void aTokenInTheQueryIsTaken(String query) {
    try (var peer = open(query.formatted(Tokens.of("ann", "acme")))) {
      assertIsAnn(peer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"?Authorization=", "?Authorization=Bearer%20", "?token="})
  void aPercentEncodedTokenInTheQueryIsTaken(String query) {
    var encoded =
        Tokens.of("ann", "acme")
            .chars()
            .mapToObj("%%%02X"::formatted)
            .collect(Collectors.joining());
    try (var peer = open(query + encoded)) {
      assertIsAnn(peer);
    }
  }

  @Test
  void aBadTokenInAnEarlierPlaceIsNotRescuedByAGoodOne() {
    var good = Tokens.of("ann", "acme");
    var bad = "bearer." + Tokens.encode("garbage".getBytes(UTF_8));
    assertRefused(
        "?token=" + good,
        builder -> builder.subprotocols("other", bad).header("Authorization", "Bearer " + good),
        "invalid_token");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void aBadTokenIsRefused(String name, String token, String code) {
    assertRefused("", builder -> builder.header("Authorization", "Bearer " + token), code);
    assertRefused("?token=" + token, builder -> builder, code);
    var offer = "bearer." + Tokens.encode(token.getBytes(UTF_8));
    assertTold(builder -> builder.subprotocols("streamer.v1", offer), code);
  }

  @Test
  void whoKnowsOurFramesIsToldWhateverFormItsTokenHas() {
    var bad = "Bearer " + spoilt("exp", 1_000_000_000L);
    assertTold(builder -> builder.subprotocols("streamer.v1"), "missing_token");
    assertTold(
        builder -> builder.subprotocols("other", "streamer.v1").header("Authorization", bad),
        "expired_token");
  }

  @Test
  void noTokenIsRefused() {
    assertRefused("", builder -> builder, "missing_token");
  }

  static Stream<Arguments> badTokens() throws GeneralSecurityException {
    var parts = Tokens.parts();
    var claims = parts[1];
    var header =
        new JsonObject(new String(java.util.Base64.getUrlDecoder().decode(parts[0]), UTF_8));
    long now = System.currentTimeMillis() / 1_000;
    return Stream.of(
        arguments("garbage", "garbage", "invalid_token"),
        arguments("two parts", parts[0] + "." + claims, "invalid_token"),
        arguments("alg none", none(claims), "invalid_token"),
        arguments("HS256 with the public key's text", hmac(claims), "invalid_token"),
        arguments("expired", spoilt("exp", now - 120), "expired_token"),
        arguments("no exp", spoilt("exp", null), "invalid_token"),
        arguments("nbf in the future", spoilt("nbf", now + 120), "invalid_token"),
        arguments("iat in the future", spoilt("iat", now + 120), "invalid_token"),
        arguments("wrong iss", spoilt("iss", "somebody"), "invalid_token"),
        arguments("no iss", spoilt("iss", null), "invalid_token"),
        arguments("wrong aud", spoilt("aud", "something"), "invalid_token"),
        arguments("no sub", spoilt("sub", null), "invalid_token"),
        arguments("no tenant_id", spoilt("tenant_id", null), "invalid_token"),
        arguments("permissions that are a text", spoilt("permissions", "all"), "invalid_token"),
        arguments(
            "unknown kid", foreign(header.copy().put("kid", "other"), claims), "invalid_token"),
        arguments("other key", foreign(header, claims), "invalid_token"),
        arguments(
            "a claim changed under the signature",
            parts[0] + "." + claims(Map.of("sub", "root", "tenant_id", "acme")) + "." + parts[2],
            "invalid_token"));
  }

  private static String spoilt(String claim, Object value) {
    var claims = Tokens.claims();
    if (value == null) {
      claims.remove(claim);
    } else {
      claims.put(claim, value);
    }
    return Tokens.signed(claims);
  }

  private static String claims(Map<String, Object> changes) {
    var claims = Tokens.claims();
    claims.putAll(changes);
    return Tokens.encode(new JsonObject(claims));
  }

  private static String none(String claims) {
    return Tokens.encode(new JsonObject().put("alg", "none").put("typ", "JWT"))
        + "."
        + claims
        + ".";
  }

  private static String hmac(String claims) throws GeneralSecurityException {
    var text = Tokens.encode(new JsonObject().put("alg", "HS256").put("typ", "JWT")) + "." + claims;
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Tokens.publicPem().getBytes(UTF_8), "HmacSHA256"));
    return text + "." + Tokens.encode(mac.doFinal(text.getBytes(UTF_8)));
  }

  private static String foreign(JsonObject header, String claims) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var text = Tokens.encode(header) + "." + claims;
    var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(generator.generateKeyPair().getPrivate());
    signature.update(text.getBytes(UTF_8));
    return text + "." + Tokens.encode(signature.sign());
  }

  private void assertRefused(
      String query, UnaryOperator<java.net.http.WebSocket.Builder> offer, String code) {
    var refused = assertInstanceOf(Handshake.Refused.class, door.knock(query, offer));
    assertThat(refused.status()).isEqualTo(401);
    if (door == Door.API_GATEWAY) {
      // hands on nothing but the status
      assertThat(refused.body()).isEmpty();
      return;
    }
    assertThat(refused.body().fieldNames()).containsExactly("error");
    var error = refused.body().getJsonObject("error");
    assertThat(error.fieldNames()).containsExactlyInAnyOrder("code", "message");
    assertThat(error.getString("code")).isEqualTo(code);
    assertThat(error.getString("message")).isNotBlank().doesNotContain("Exception", "eyJ");
  }

  /** A browser shows its page nothing but frames and the close. */
  private void assertTold(UnaryOperator<java.net.http.WebSocket.Builder> offer, String code) {
    if (door != Door.DIRECT) {
      // API Gateway passes the answer to $connect on, and opens no socket
      assertRefused("", offer, code);
      return;
    }
    var opened = assertInstanceOf(Handshake.Opened.class, door.knock("", offer));
    try (var peer = opened.peer()) {
      assertThat(peer.subprotocol()).isEqualTo("streamer.v1");
      var frame = peer.next();
      assertThat(frame.is("error")).isTrue();
      assertThat(frame.code()).isEqualTo("UNAUTHORIZED");
      assertThat(frame.error().getJsonObject("details").getString("reason"))
          .isEqualTo(code.toUpperCase(Locale.ROOT));
      assertThat(peer.closeCode()).isEqualTo(4401);
      assertThat(peer.closeReason())
          .isEqualTo(frame.error().getString("message"))
          .isNotBlank()
          .doesNotContain("eyJ");
      assertThat(peer.frames()).hasSize(1);
    }
  }

  private static void assertIsAnn(Peer peer) {
    var me = peer.request("me", "test.whoami", new JsonObject()).answer("me").data();
    assertThat(me.getString("user")).isEqualTo("ann");
    assertThat(me.getString("tenant")).isEqualTo("acme");
  }

  private Peer open(String query) {
    return assertInstanceOf(Handshake.Opened.class, door.knock(query, builder -> builder)).peer();
  }
}

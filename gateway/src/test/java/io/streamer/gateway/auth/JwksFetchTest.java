package io.streamer.gateway.auth;

import static io.streamer.gateway.auth.RemoteIssuer.A;
import static io.streamer.gateway.auth.RemoteIssuer.B;
import static io.streamer.gateway.auth.RemoteIssuer.OTHER;
import static io.streamer.gateway.auth.RemoteIssuer.ended;
import static io.streamer.gateway.auth.RemoteIssuer.jwk;
import static io.streamer.gateway.auth.RemoteIssuer.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.Verified.Granted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fetch of keys may meet, over real HTTP, and what becomes of the tokens meanwhile. */
class JwksFetchTest {
  private static Vertx vertx;

  private RemoteIssuer issuer;

  @BeforeAll
  static void boot() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void halt() {
    vertx.close().await();
  }

  @BeforeEach
  void setUp() {
    issuer = new RemoteIssuer(vertx);
  }

  @AfterEach
  void tearDown() {
    issuer.close();
  }

  @Test
  void anOutageAtTheStartEndsByItself() {
    issuer.start();
    assertThat(issuer.isReady()).isFalse();
    issuer.assertInvalid(A);
    assertThat(issuer.server.asked()).isEqualTo(2);

    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.assertInvalidAtOnce(A);
    assertThat(issuer.time.delays()).containsExactly(RemoteKeys.FLOOR);
    issuer.refreshAfter(RemoteKeys.FLOOR);

    assertThat(issuer.isReady()).isTrue();
    issuer.assertGranted(A);
  }

  @Test
  void aServerThatIsNotThereCountsAsAnOutage() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.close();
    issuer.time.advance(RemoteKeys.REFRESH);
    issuer.start();

    issuer.assertGranted(A);
    assertThat(issuer.isReady()).isTrue();
  }

  @Test
  void theLastGoodSetOutlivesItsServerForADay() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.answers(request -> JwksServer.send(request, 500, "{\"keys\":[]}"));
    issuer.refreshAfter(RemoteKeys.REFRESH);

    issuer.time.leap(RemoteKeys.OUTAGE.minus(RemoteKeys.REFRESH).minusMillis(1));
    issuer.assertGranted(A);
    assertThat(issuer.isReady()).isTrue();
    issuer.time.leap(Duration.ofMillis(1));
    assertThat(issuer.isReady()).isFalse();
    issuer.assertInvalid(A);

    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.refreshAfter(RemoteKeys.FLOOR);
    issuer.assertGranted(A);
  }

  @Test
  void aTokenWaitsTwoSecondsForASlowServer() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    var gate = issuer.server.holds();
    var started = issuer.verifier().start();
    var answer = issuer.verifier().verify(A);

    issuer.time.advance(RemoteKeys.WAIT.minusMillis(1));
    assertThat(answer.isComplete()).isFalse();
    issuer.time.advance(Duration.ofMillis(1));
    assertThat(answer.isComplete()).isTrue();
    RemoteIssuer.assertInvalid(answer.result());

    gate.complete();
    ended(started);
    issuer.assertGranted(A);
  }

  @Test
  void aThousandTokensMayWaitAndNoMore() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    var gate = issuer.server.holds();
    var started = issuer.verifier().start();
    var answers = new ArrayList<Future<Verified>>();
    for (int i = 0; i < RemoteKeys.MOST_WAITING; i++) {
      answers.add(issuer.verifier().verify(A));
    }

    issuer.assertInvalidAtOnce(A);
    gate.complete();
    ended(started);
    assertThat(ended(Future.all(answers)).<Verified>list())
        .hasSize(RemoteKeys.MOST_WAITING)
        .allMatch(Granted.class::isInstance);
    assertThat(issuer.server.asked()).isEqualTo(1);
    assertThat(issuer.time.delays()).containsExactly(RemoteKeys.REFRESH);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aServerThatDoesNotFinishIsGivenUp(boolean begins) {
    issuer.isGivenUpAfter(Duration.ofMillis(100));
    issuer.server.answers(request -> {
      if (begins) {
        request.response().setChunked(true).write("{\"keys\":");
      }
    });
    issuer.start();

    assertThat(issuer.isReady()).isFalse();
    assertThat(issuer.time.delays()).containsExactly(RemoteKeys.FLOOR);
  }

  private static String setOf(int keys) {
    var entry = jwk("a", Tokens.EC);
    var list = new ArrayList<JsonObject>();
    for (int i = 0; i < keys; i++) {
      list.add(entry);
    }
    return new JsonObject().put("keys", new JsonArray(list)).encode();
  }

  record Bad(int status, String body) {}

  static List<Bad> bad() {
    return List.of(
        new Bad(200, ""),
        new Bad(200, "<html>"),
        new Bad(200, "[]"),
        new Bad(200, "{}"),
        new Bad(200, "{\"keys\":{}}"),
        new Bad(200, setOf(65)),
        new Bad(200, setOf(1) + " ".repeat(256 * 1024)),
        new Bad(204, ""),
        new Bad(404, setOf(1)),
        new Bad(503, setOf(1)));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aBadAnswerLeavesTheLastGoodSet(Bad bad) {
    issuer.server.publishes(jwk("b", OTHER));
    issuer.start();
    issuer.server.answers(request -> JwksServer.send(request, bad.status(), bad.body()));
    issuer.refreshAfter(RemoteKeys.REFRESH);

    issuer.assertGranted(B);
    issuer.assertInvalid(A);
    assertThat(issuer.time.delays()).containsExactly(RemoteKeys.FLOOR);
  }

  @Test
  void aRedirectIsNotFollowed() {
    issuer.server.answers(
        request -> request.response().setStatusCode(302).putHeader("Location", "/elsewhere").end());
    issuer.start();

    assertThat(issuer.isReady()).isFalse();
    assertThat(issuer.server.asked()).isEqualTo(1);
  }

  @Test
  void aSetOfSixtyFourKeysIsTaken() {
    issuer.server.answers(request -> JwksServer.send(request, 200, setOf(64)));
    issuer.start();

    issuer.assertGranted(A);
  }

  @Test
  void badKeysDoNotSpoilTheGoodOnesOfTheirSet() {
    var weak = Tokens.rsa(1024);
    var noPoint = Tokens.jwk(OTHER.getPublic()).put("y", Tokens.base64(new byte[] {1}));
    issuer.server.publishes(
        jwk("weak", weak),
        jwk("p384", OTHER).put("crv", "P-384"),
        jwk("enc", OTHER).put("use", "enc"),
        jwk("other-alg", OTHER).put("alg", "ES384"),
        jwk("sign-only", OTHER).put("key_ops", JsonArray.of("sign")),
        noPoint.copy().put("kid", "no-point"),
        new JsonObject().put("kty", "EC").put("crv", "P-256").put("kid", "no-x"),
        new JsonObject().put("kty", "oct").put("k", "c2VjcmV0").put("kid", "secret"),
        jwk("a", Tokens.EC));
    issuer.start();

    issuer.assertGranted(A);
    for (var kid : List.of("p384", "enc", "other-alg", "sign-only", "no-point", "no-x", "secret")) {
      issuer.assertInvalid(token(kid, OTHER));
    }
    issuer.assertInvalid(token("weak", weak));
  }

  @Test
  void aSetWithoutUsableKeysIsNotReady() {
    issuer.server.publishes(jwk("weak", Tokens.rsa(1024)));
    issuer.start();

    assertThat(issuer.isReady()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "max-age=1; 60",
        "max-age=59; 60",
        "public, max-age=120; 120",
        "Max-Age=600,must-revalidate; 600",
        "max-age=3601; 3600",
        "max-age=999999999; 3600",
        "s-maxage=120; 300",
        "no-store; 300",
        "max-age=soon; 300",
        "''; 300"
      })
  void theNextRefreshIsWhenTheServerSaysWithinReason(String cacheControl, long seconds) {
    var set = setOf(1);
    issuer.server.answers(request -> {
      request.response().putHeader("Cache-Control", cacheControl);
      JwksServer.send(request, 200, set);
    });
    issuer.start();

    assertThat(issuer.time.delays()).containsExactly(Duration.ofSeconds(seconds));
  }

  @Test
  void aClosedVerifierFetchesNoMore() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.verifier().close();

    assertThat(issuer.time.delays()).isEmpty();
    issuer.assertInvalidAtOnce(B);
    assertThat(issuer.server.asked()).isEqualTo(1);
  }
}

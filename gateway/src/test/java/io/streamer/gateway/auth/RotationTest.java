package io.streamer.gateway.auth;

import static io.streamer.gateway.auth.RemoteIssuer.A;
import static io.streamer.gateway.auth.RemoteIssuer.B;
import static io.streamer.gateway.auth.RemoteIssuer.NOW;
import static io.streamer.gateway.auth.RemoteIssuer.OTHER;
import static io.streamer.gateway.auth.RemoteIssuer.OVERLAP;
import static io.streamer.gateway.auth.RemoteIssuer.claims;
import static io.streamer.gateway.auth.RemoteIssuer.ended;
import static io.streamer.gateway.auth.RemoteIssuer.jwk;
import static io.streamer.gateway.auth.RemoteIssuer.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.Verified.Granted;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that an issuer changes while tokens come in. */
class RotationTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
  void aTokenOfEachAlgorithmIsGrantedByAFetchedKey(String algorithm) {
    var pair = Tokens.keyPair(algorithm);
    issuer.server.publishes(jwk("k", pair).put("use", "sig").put("alg", algorithm));

    assertThat(issuer.isReady()).isFalse();
    issuer.start();

    assertThat(issuer.isReady()).isTrue();
    issuer.assertGranted(token("k", pair));
    assertThat(issuer.server.asked()).isEqualTo(1);
  }

  @Test
  void aTokenThatComesBeforeTheFirstKeysWaitsForThem() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    var gate = issuer.server.holds();
    var started = issuer.verifier().start();
    var answer = issuer.verifier().verify(A);

    assertThat(answer.isComplete()).isFalse();
    gate.complete();

    assertThat(ended(answer)).isInstanceOf(Granted.class);
    ended(started);
    assertThat(issuer.server.asked()).isEqualTo(1);
  }

  @Test
  void aKeyPublishedSinceIsFetchedForTheFirstTokenThatNamesIt() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.publishes(jwk("a", Tokens.EC), jwk("b", OTHER));

    issuer.assertGranted(B);
    issuer.assertGranted(A);
    issuer.assertGranted(B);
    assertThat(issuer.server.asked()).isEqualTo(2);
  }

  @Test
  void unknownKeysCauseOneFetchInHalfAMinute() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.assertInvalid(token("x", OTHER));
    assertThat(issuer.server.asked()).isEqualTo(2);

    issuer.server.publishes(jwk("a", Tokens.EC), jwk("b", OTHER));
    issuer.time.leap(RemoteKeys.FLOOR.minusMillis(1));
    issuer.assertInvalidAtOnce(B);
    issuer.assertInvalidAtOnce(token("x", OTHER));
    issuer.assertGranted(A);
    assertThat(issuer.server.asked()).isEqualTo(2);

    issuer.time.leap(Duration.ofMillis(1));
    issuer.assertGranted(B);
    assertThat(issuer.server.asked()).isEqualTo(3);
  }

  @Test
  void aTokenThatWouldBeRefusedAnywayCausesNoFetch() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    var header = Tokens.header("ES256").put("kid", "x");
    var wrong =
        List.of(
            new JsonObject().put("exp", NOW.getEpochSecond() - 100),
            new JsonObject().put("aud", "other"),
            new JsonObject().put("iss", "https://other.example"),
            new JsonObject().put("sub", 7));

    for (var change : wrong) {
      issuer.assertInvalidAtOnce(
          Tokens.signed(header, claims().mergeIn(change), OTHER.getPrivate()));
    }
    issuer.assertInvalidAtOnce(token("a", OTHER));
    assertThat(issuer.server.asked()).isEqualTo(1);
  }

  @Test
  void aTokenWithoutAKidMayNeedANewKeyToo() {
    issuer.server.publishes(Tokens.jwk(Tokens.EC.getPublic()));
    issuer.start();
    issuer.server.publishes(Tokens.jwk(OTHER.getPublic()));
    var token = Tokens.signed(Tokens.header("ES256"), claims(), OTHER.getPrivate());

    issuer.assertGranted(token);
    issuer.assertGranted(token);
    assertThat(issuer.server.asked()).isEqualTo(2);
  }

  @Test
  void aFetchThatBeganBeforeTheKeyWasPublishedIsFollowedByAnother() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    var gate = issuer.server.holds();
    issuer.time.advance(RemoteKeys.REFRESH);
    var joined = issuer.verifier().verify(B);
    issuer.server.publishes(jwk("a", Tokens.EC), jwk("b", OTHER));
    gate.complete();

    assertThat(ended(joined)).isInstanceOf(Granted.class);
  }

  @Test
  void aKeyThatLeftTheSetIsAcceptedForItsOverlapAndThenRefused() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.publishes(jwk("b", OTHER));
    issuer.refreshAfter(RemoteKeys.REFRESH);

    issuer.assertGranted(B);
    issuer.time.leap(OVERLAP.minusMillis(1));
    issuer.assertGranted(A);
    issuer.time.leap(Duration.ofMillis(1));
    issuer.assertInvalid(A);
    issuer.assertGranted(B);
  }

  @Test
  void laterFetchesDoNotProlongAnOverlap() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.publishes(jwk("b", OTHER));
    issuer.refreshAfter(RemoteKeys.REFRESH);
    issuer.refreshAfter(RemoteKeys.REFRESH);
    issuer.assertGranted(A);
    issuer.refreshAfter(RemoteKeys.REFRESH);

    issuer.assertInvalid(A);
    issuer.assertGranted(B);
  }

  @Test
  void aKeyThatComesBackWithinItsOverlapStays() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.publishes(jwk("b", OTHER));
    issuer.refreshAfter(RemoteKeys.REFRESH);
    issuer.server.publishes(jwk("a", Tokens.EC), jwk("b", OTHER));
    issuer.refreshAfter(RemoteKeys.REFRESH);

    issuer.time.leap(OVERLAP.multipliedBy(2));
    issuer.assertGranted(A);
  }

  @Test
  void anotherKeyUnderTheSameNameTakesItsPlaceAfterTheOverlap() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.publishes(jwk("a", OTHER));
    issuer.refreshAfter(RemoteKeys.REFRESH);

    issuer.assertGranted(A);
    issuer.assertGranted(token("a", OTHER));
    issuer.time.leap(OVERLAP);
    issuer.assertInvalid(A);
    issuer.assertGranted(token("a", OTHER));
  }

  @Test
  void noneOfAHundredClientsIsRefusedWhileKeysRotate()
      throws InterruptedException, ExecutionException {
    issuer.server.publishes(jwk("a", Tokens.EC));
    issuer.start();
    issuer.server.publishes(jwk("b", OTHER));
    var clients = new ArrayList<Callable<Verified>>();
    for (int i = 0; i < 100; i++) {
      var token = i % 2 == 0 ? A : B;
      clients.add(() -> issuer.verify(token));
    }

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var client : threads.invokeAll(clients)) {
        assertThat(client.get()).isInstanceOf(Granted.class);
      }
    }
    assertThat(issuer.server.asked()).isEqualTo(2);
  }

  @Test
  void whoAsksOnAnEventLoopIsAnsweredOnIt() {
    issuer.server.publishes(jwk("a", Tokens.EC));
    var gate = issuer.server.holds();
    var started = issuer.verifier().start();
    var contexts = List.of(vertx.getOrCreateContext(), vertx.getOrCreateContext());
    var answeredOnOwn = new ArrayList<Future<Boolean>>();
    for (var context : contexts) {
      var same = Promise.<Boolean>promise();
      context.runOnContext(_ ->
          issuer
              .verifier()
              .verify(A)
              .onComplete(_ -> same.complete(context.equals(Vertx.currentContext()))));
      answeredOnOwn.add(same.future());
    }
    contexts.forEach(context -> ended(passedBy(context)));
    gate.complete();

    answeredOnOwn.forEach(same -> assertThat(ended(same)).isTrue());
    ended(started);
  }

  /** Done when the context has run all that it was given before. */
  private static Future<Void> passedBy(Context context) {
    var passed = Promise.<Void>promise();
    context.runOnContext(_ -> passed.complete());
    return passed.future();
  }
}

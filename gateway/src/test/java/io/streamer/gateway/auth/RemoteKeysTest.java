package io.streamer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.gateway.auth.IssuerSettings.Source;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RemoteKeysTest {
  @Test
  void keysThatCameSinceATokenWasTriedAreNoticedInSpiteOfTheFloor() {
    var vertx = Vertx.vertx();
    try {
      var ring = ring(vertx);
      var before = ring.keys();
      assertThat(before).isEmpty();

      assertThat(ring.lookAgain(before)).map(Future::result).contains(true);

      assertThat(ring.keys()).hasSize(1);
      assertThat(ring.lookAgain(before)).map(Future::result).contains(true);
      assertThat(ring.lookAgain(ring.keys())).isEmpty();
    } finally {
      vertx.close().await();
    }
  }

  static Stream<Supplier<Future<JwksClient.Answer>>> brokenFetches() {
    return Stream.of(
        () -> Future.failedFuture("away"),
        () -> {
          throw new IllegalStateException("a client that is closed");
        },
        () -> Future.succeededFuture(new JwksClient.Answer("{", Optional.empty())),
        // what no reader of it expects
        () -> Future.succeededFuture(null));
  }

  @ParameterizedTest
  @MethodSource("brokenFetches")
  void behindAFetchThatBreaksInAnyWayTheNextOneComes(Supplier<Future<JwksClient.Answer>> broken) {
    var vertx = Vertx.vertx();
    try {
      var time = new ManualTimers(RemoteIssuer.NOW);
      var first = new AtomicBoolean(true);
      var ring =
          ring(
              vertx,
              time,
              () -> first.getAndSet(false) ? broken.get() : Future.succeededFuture(good()));

      assertThat(ring.refresh().isComplete()).isTrue();
      assertThat(ring.keys()).isEmpty();
      assertThat(time.delays()).containsExactly(RemoteKeys.FLOOR);

      time.advance(RemoteKeys.FLOOR);
      assertThat(ring.keys()).hasSize(1);
    } finally {
      vertx.close().await();
    }
  }

  private static JwksClient.Answer good() {
    var key = RemoteIssuer.jwk("a", Tokens.EC);
    var set = new JsonObject().put("keys", JsonArray.of(key)).encode();
    return new JwksClient.Answer(set, Optional.empty());
  }

  private static RemoteKeys ring(Vertx vertx) {
    return ring(vertx, new ManualTimers(RemoteIssuer.NOW), () -> Future.succeededFuture(good()));
  }

  private static RemoteKeys ring(
      Vertx vertx, ManualTimers time, Supplier<Future<JwksClient.Answer>> source) {
    var settings =
        new IssuerSettings(
            Optional.of("one"),
            new Source.Web(URI.create("https://one.example/"), Duration.ZERO),
            Set.of("streamer"),
            Set.of(Algorithm.ES256),
            "tenant_id");
    return new RemoteKeys(vertx, settings, Duration.ZERO, source, time, time);
  }
}

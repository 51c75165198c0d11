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
import org.junit.jupiter.api.Test;

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

  private static RemoteKeys ring(Vertx vertx) {
    var time = new ManualTimers(RemoteIssuer.NOW);
    var settings =
        new IssuerSettings(
            Optional.of("one"),
            new Source.Web(URI.create("https://one.example/"), Duration.ZERO),
            Set.of("streamer"),
            Set.of(Algorithm.ES256),
            "tenant_id");
    var key = RemoteIssuer.jwk("a", Tokens.EC);
    var set = new JsonObject().put("keys", JsonArray.of(key)).encode();
    return new RemoteKeys(
        vertx,
        settings,
        Duration.ZERO,
        () -> Future.succeededFuture(new JwksClient.Answer(set, Optional.empty())),
        time,
        time);
  }
}

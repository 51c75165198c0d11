package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.directory.ConnectionRow;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection's row lives as long as its socket. */
@ExtendWith(LocalStage.class)
@ParameterizedClass
@EnumSource(Door.class)
class DisconnectTest {
  @Parameter Door door;

  private static Store store;

  @BeforeAll
  static void start() {
    store = new Store(LocalStage.stage());
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @Test
  void aSocketThatLeavesTakesItsRowAlong() throws Exception {
    var peer = door.connect(Tokens.of("ann", "acme"));
    var id = session(peer);
    assertThat(found(id)).map(ConnectionRow::user).contains("ann");
    peer.close();
    awaitGone(id);
    assertThat(found(id)).isEmpty();
  }

  @Test
  void aSocketThatIsDroppedTakesItsRowAlongWithinTwoSeconds() throws Exception {
    Promptness.within(
        Duration.ofSeconds(2),
        () -> {
          var peer = door.connect(Tokens.of("ann", "acme"));
          var id = session(peer);
          peer.drop();
          return Promptness.of(() -> awaitGone(id));
        });
  }

  private static void awaitGone(String id) {
    Until.matches("the row is gone", () -> store.connection(id), Map::isEmpty);
  }

  private static Optional<ConnectionRow> found(String id) throws Exception {
    return LocalStage.stage()
        .gateway()
        .connections()
        .get(id)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  /** One that has its row: a direct socket gets it when it has lived for a second. */
  private static String session(Peer peer) {
    var id =
        peer.send(new JsonObject().put("type", "hello").put("id", "h-1"))
            .answer("h-1")
            .json()
            .getString("session");
    Until.matches("it has its row", () -> store.connection(id), row -> !row.isEmpty());
    return id;
  }
}

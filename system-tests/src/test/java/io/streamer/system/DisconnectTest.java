package io.streamer.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamer.shared.store.ConnectionRow;
import io.streamer.testtools.Until;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  @Test
  void aSocketThatLeavesTakesItsRowAlong() throws Exception {
    var peer = door.connect(Tokens.of("ann", "acme"));
    var id = session(peer);
    assertThat(row(id)).map(ConnectionRow::user).contains("ann");
    peer.close();
    awaitGone(id);
  }

  @Test
  void aSocketThatIsDroppedTakesItsRowAlong() throws Exception {
    var peer = door.connect(Tokens.of("ann", "acme"));
    var id = session(peer);
    peer.drop();
    awaitGone(id);
  }

  private static void awaitGone(String id) {
    Until.matches("the row is gone", () -> row(id), Optional::isEmpty);
  }

  private static Optional<ConnectionRow> row(String id) throws Exception {
    return LocalStage.stage()
        .gateway()
        .connections()
        .get(id)
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static String session(Peer peer) {
    return peer.send(new JsonObject().put("type", "hello").put("id", "h-1"))
        .answer("h-1")
        .json()
        .getString("session");
  }
}

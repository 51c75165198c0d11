package io.streamer.system;

import io.streamer.local.stage.Stage;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.function.UnaryOperator;

/**
 * A way in. What the protocol lets differ between doors is stated here and in {@link ClientRules}.
 */
enum Door {
  /** One frame may hold a whole message; answers come before the frames of the jobs they name. */
  DIRECT(Integer.MAX_VALUE) {
    @Override
    URI of(Stage stage) {
      return stage.direct();
    }
  },

  /** A frame holds 32 KB; answers and jobs' frames may overtake each other and come twice. */
  API_GATEWAY(10_000) {
    @Override
    URI of(Stage stage) {
      return stage.apiGateway();
    }
  };

  private final int frameChars;

  Door(int frameChars) {
    this.frameChars = frameChars;
  }

  /** Where a stage has this door. */
  abstract URI of(Stage stage);

  /** The most characters that surely fit into one frame. */
  int frameChars() {
    return frameChars;
  }

  /** Opens a socket to the shared stage with the token in a header. */
  Peer connect(String token) {
    return connect(LocalStage.stage(), token);
  }

  Peer connect(Stage stage, String token) {
    return connect(of(stage), token);
  }

  Peer connect(URI uri, String token) {
    return new Peer(this, uri, builder -> builder.header("Authorization", "Bearer " + token));
  }

  /** Tries to come in to the shared stage. */
  Peer.Handshake knock(String query, UnaryOperator<WebSocket.Builder> offer) {
    return Peer.knock(this, URI.create(of(LocalStage.stage()) + query), offer);
  }
}

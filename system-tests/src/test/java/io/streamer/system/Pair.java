package io.streamer.system;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;

/** A client's socket to a {@link Front} and the one that leads on from there. */
final class Pair {
  private static final int CUT = 1006;

  private final Front front;
  private final ServerWebSocket near;
  private final WebSocket far;
  private volatile Runnable onClosed = () -> {};
  private volatile boolean mute;

  Pair(Front front, ServerWebSocket near, WebSocket far) {
    this.front = front;
    this.near = near;
    this.far = far;
  }

  void onClosed(Runnable action) {
    onClosed = action;
  }

  void start() {
    near.frameHandler(this::fromClient);
    far.textMessageHandler(this::fromServer);
    near.closeHandler(_ -> {
      onClosed.run();
      var _ = far.close();
    });
    far.closeHandler(_ -> {
      onClosed.run();
      var code = far.closeStatusCode();
      if (code == null || code == CUT) {
        front.cut();
      } else {
        var _ = near.close(code, far.closeReason());
      }
    });
    far.resume();
  }

  /** Frame by frame, as API Gateway counts them. */
  private void fromClient(WebSocketFrame frame) {
    if (!frame.isText() && !frame.isContinuation()) {
      return;
    }
    var whole = frame.isText() && frame.isFinal() && !frame.textData().isEmpty();
    if (whole) {
      var json = new JsonObject(frame.textData());
      if (!front.takes(json)) {
        front.cut();
        return;
      }
      var denied = front.denied(json);
      if (denied.isPresent()) {
        give(denied.get());
        return;
      }
    }
    var _ = far.writeFrame(frame);
  }

  /** Keeps from the client what its server says. */
  void mute() {
    mute = true;
  }

  private void fromServer(String text) {
    if (mute) {
      return;
    }
    if (front.loses(text)) {
      front.cut();
      return;
    }
    int times = front.times(text);
    for (int time = 0; time < times; time++) {
      give(front.told(text));
    }
  }

  void give(String text) {
    var _ = near.writeTextMessage(text);
  }

  void close(int code, String reason) {
    var _ = near.close((short) code, reason);
  }
}

package io.streamer.soak;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of a client, read by one thread. */
final class Socket implements AutoCloseable {
  private static final int CONNECT_SECONDS = 10;

  /** Every frame that came; empty for the end. */
  private final LinkedBlockingQueue<Optional<JsonObject>> heard = new LinkedBlockingQueue<>();

  private final WebSocket socket;

  private Socket(HttpClient http, URI door, String token) {
    this.socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + token)
            .buildAsync(door, new Ear())
            .orTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
            .join();
  }

  /**
   * What connections are opened with. It tells on the thread that reads: on another one it keeps an
   * end to itself that comes while a frame is being told.
   */
  static HttpClient http() {
    return HttpClient.newBuilder().executor(Runnable::run).build();
  }

  /**
   * Opens a connection.
   *
   * @throws IOException if it cannot be had now
   */
  static Socket open(HttpClient http, URI door, String token) throws IOException {
    try {
      return new Socket(http, door, token);
    } catch (CompletionException e) {
      throw new IOException("no connection to " + door, e);
    }
  }

  /**
   * Sends a frame.
   *
   * @throws IOException if the connection has ended
   */
  void send(JsonObject frame) throws IOException {
    try {
      socket.sendText(frame.encode(), true).orTimeout(CONNECT_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException | IllegalStateException e) {
      throw new IOException("cut", e);
    }
  }

  /**
   * The next frame.
   *
   * @return empty if none came in time
   * @throws IOException if the connection has ended
   */
  Optional<JsonObject> next(long waitMs) throws IOException, InterruptedException {
    var frame = heard.poll(Math.max(0, waitMs), TimeUnit.MILLISECONDS);
    if (frame == null) {
      return Optional.empty();
    }
    if (frame.isEmpty()) {
      throw new IOException("cut");
    }
    return frame;
  }

  /** Drops the connection without a word, as a network does. */
  void drop() {
    socket.abort();
  }

  /** Leaves. */
  @Override
  public void close() {
    socket
        .sendClose(WebSocket.NORMAL_CLOSURE, "")
        .orTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
        .exceptionally(_ -> socket)
        .join();
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        // API Gateway sends an empty one where there is no answer
        if (!message.isEmpty()) {
          heard.add(Optional.of(new JsonObject(message.toString())));
        }
        message.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      heard.add(Optional.empty());
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      heard.add(Optional.empty());
    }
  }
}

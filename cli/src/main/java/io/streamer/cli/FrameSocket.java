package io.streamer.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One WebSocket to a gateway, read frame by frame by one thread. */
final class FrameSocket implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(1);
  private static final Duration PING_EVERY = Duration.ofSeconds(15);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);
  private static final int MOST_CHARACTERS = 1 << 20;

  /** What came of the handshake. */
  sealed interface Handshake {
    record Open(FrameSocket socket) implements Handshake {}

    /** The token or its tenant was not accepted. */
    record Refused(int status, String code, String message) implements Handshake {}

    record Unreachable(String why) implements Handshake {}
  }

  /** What a socket brings. */
  sealed interface Event {
    /** A text frame. */
    record Frame(String text) implements Event {}

    /** Nothing more will come. */
    record Ended(String why) implements Event {}
  }

  private final WebSocket socket;
  private final Inbox inbox;

  private FrameSocket(WebSocket socket, Inbox inbox) {
    this.socket = socket;
    this.inbox = inbox;
  }

  static Handshake connect(URI url, String token) throws InterruptedException {
    var inbox = new Inbox();
    var bearer = Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(UTF_8));
    try {
      var socket =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT)
              .build()
              .newWebSocketBuilder()
              .connectTimeout(CONNECT)
              .subprotocols("streamer.v1", "bearer." + bearer)
              .buildAsync(url, inbox)
              .get();
      return new Handshake.Open(new FrameSocket(socket, inbox));
    } catch (ExecutionException e) {
      return e.getCause() instanceof WebSocketHandshakeException refused
              && refused.getResponse() != null
          ? refusal(refused.getResponse())
          : new Handshake.Unreachable(reason(e.getCause()));
    }
  }

  void send(String text) {
    var _ = socket.sendText(text, true);
  }

  /** Waits for the next event; keeps the connection alive meanwhile. */
  Event next() throws InterruptedException {
    socket.request(1);
    while (true) {
      var event = inbox.events.poll(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (event != null) {
        return event;
      }
      if (System.nanoTime() - inbox.heardAt > LONGEST_SILENCE.toNanos()) {
        return new Event.Ended("nothing was heard for " + LONGEST_SILENCE.toSeconds() + " s");
      }
      var _ = socket.sendPing(ByteBuffer.allocate(0));
    }
  }

  @Override
  public void close() {
    try {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // the other side is gone already
    }
    socket.abort();
  }

  private static Handshake refusal(HttpResponse<?> response) {
    var status = response.statusCode();
    var error = error(String.valueOf(response.body()));
    var code = error.getString("code", "HTTP " + status);
    var message = error.getString("message", "the server gave no reason");
    return status == 401 || status == 403
        ? new Handshake.Refused(status, code, message)
        : new Handshake.Unreachable(
            "the server answered " + status + " (" + code + ": " + message + ")");
  }

  private static JsonObject error(String body) {
    try {
      return new JsonObject(body).getJsonObject("error", new JsonObject());
    } catch (DecodeException | ClassCastException _) {
      return new JsonObject();
    }
  }

  private static String reason(@Nullable Throwable e) {
    if (e == null) {
      return "no reason was given";
    }
    if (e.getMessage() != null) {
      return e.getMessage();
    }
    return e instanceof ConnectException ? "nothing listens there" : e.getClass().getSimpleName();
  }

  /** Filled by the HTTP client's threads; the reader asks for one frame at a time. */
  private static final class Inbox implements WebSocket.Listener {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final StringBuilder parts = new StringBuilder();
    private volatile long heardAt = System.nanoTime();

    @Override
    public void onOpen(WebSocket socket) {
      // the reader asks
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      heardAt = System.nanoTime();
      parts.append(part);
      if (parts.length() > MOST_CHARACTERS) {
        events.add(new Event.Ended("a frame of more than " + MOST_CHARACTERS + " characters came"));
        socket.abort();
      } else if (last) {
        events.add(new Event.Frame(parts.toString()));
        parts.setLength(0);
      } else {
        socket.request(1);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      heardAt = System.nanoTime();
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      heardAt = System.nanoTime();
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      events.add(new Event.Ended("closed with " + code + (reason.isEmpty() ? "" : ", " + reason)));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      events.add(new Event.Ended(reason(error)));
    }
  }
}

package io.streamer.system;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A client with a socket of its own. It keeps every frame it gets and holds each to {@link
 * FrameRules}; what they find fails the test at the next await, or when the peer is closed.
 */
final class Peer implements AutoCloseable {
  // tells on the thread that reads: on another one it keeps an end to itself that comes while a
  // message is being told
  private static final HttpClient HTTP = HttpClient.newBuilder().executor(Runnable::run).build();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Frame> frames = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final FrameRules rules = new FrameRules();
  private final Door door;
  private final ClientRules order = new ClientRules();
  private final WebSocket socket;
  private volatile Duration patience = Duration.ofSeconds(20);
  private int read;
  private boolean dropped;
  private Integer closeCode;
  private String closeReason = "";
  private Throwable lost;

  /** What a server makes of a handshake. */
  sealed interface Handshake {
    record Opened(Peer peer) implements Handshake {}

    record Refused(int status, JsonObject body) implements Handshake {}
  }

  Peer(Door door, URI uri, UnaryOperator<WebSocket.Builder> offer) {
    this.door = door;
    this.socket = offer.apply(HTTP.newWebSocketBuilder()).buildAsync(uri, new Ear()).join();
  }

  static Handshake knock(Door door, URI uri, UnaryOperator<WebSocket.Builder> offer) {
    try {
      return new Handshake.Opened(new Peer(door, uri, offer));
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        var response = refused.getResponse();
        var body = response.body() == null ? "" : response.body().toString();
        return new Handshake.Refused(
            response.statusCode(), body.isEmpty() ? new JsonObject() : new JsonObject(body));
      }
      throw e;
    }
  }

  /** How long it waits for anything; 20 s unless set. */
  Peer patience(Duration limit) {
    patience = limit;
    return this;
  }

  String subprotocol() {
    return socket.getSubprotocol();
  }

  Peer send(String text) {
    int from = 0;
    while (text.length() - from > door.frameChars()) {
      int to = from + door.frameChars();
      to -= Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      socket.sendText(text.substring(from, to), false).join();
      from = to;
    }
    socket.sendText(text.substring(from), true).join();
    return this;
  }

  /** Sends a message in two frames. */
  Peer sendInTwo(String first, String second) {
    socket.sendText(first, false).join();
    return send(second);
  }

  Peer sendBinary(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    return this;
  }

  Peer send(JsonObject frame) {
    return send(frame.encode());
  }

  Peer request(String id, String action, JsonObject payload) {
    return send(new JsonObject().put("id", id).put("action", action).put("payload", payload));
  }

  /** The next frame not yet seen by this method. */
  Frame next() {
    return await(
        "frame number " + (read + 1), () -> frames.size() > read ? frames.get(read++) : null);
  }

  /** The first frame of all that were or will be received for which the predicate holds. */
  Frame await(String what, Predicate<Frame> wanted) {
    return await(what, () -> frames.stream().filter(wanted).findFirst().orElse(null));
  }

  /** The first frame that answers the request. */
  Frame answer(String requestId) {
    return await("an answer to " + requestId, frame -> requestId.equals(frame.requestId()));
  }

  /** The job's acknowledgment. */
  Frame acknowledgment(String requestId) {
    return await(
        "the acknowledgment of " + requestId,
        frame -> requestId.equals(frame.requestId()) && frame.is("acknowledgment"));
  }

  /** The frame that ends the job. */
  Frame terminal(String jobId) {
    return await("the end of " + jobId, frame -> frame.isTerminal() && jobId.equals(frame.jobId()));
  }

  /** Asks how the caller's own job stands. */
  Frame status(String requestId) {
    var id = UUID.randomUUID().toString();
    send(new JsonObject().put("type", "status").put("id", id).put("request_id", requestId));
    return answer(id);
  }

  /** Returns when all that the server sent before it read this is here. */
  Peer settle() {
    var id = UUID.randomUUID().toString();
    send(new JsonObject().put("type", "ping").put("id", id));
    answer(id);
    return this;
  }

  /** All frames so far. */
  List<Frame> frames() {
    lock.lock();
    try {
      return List.copyOf(frames);
    } finally {
      lock.unlock();
    }
  }

  /** All frames so far that name the job. */
  List<Frame> framesOf(String jobId) {
    return frames().stream().filter(frame -> jobId.equals(frame.jobId())).toList();
  }

  /** The code with which the socket is closed. */
  int closeCode() {
    return await("the end of the connection", () -> closeCode);
  }

  /** What the server said when it closed the socket. */
  String closeReason() {
    closeCode();
    return closeReason;
  }

  /** Drops the connection without a word. */
  void drop() {
    dropped = true;
    socket.abort();
    check();
  }

  /** Leaves, and fails if a frame broke a rule. */
  @Override
  public void close() {
    // the server may have closed it, or be about to
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(_ -> socket).join();
    if (!dropped) {
      closeCode();
    }
    check();
  }

  private void check() {
    lock.lock();
    try {
      if (!broken.isEmpty()) {
        throw new AssertionError(String.join("\n", broken) + "\n" + transcript());
      }
    } finally {
      lock.unlock();
    }
  }

  private interface Look<T> {
    T take();
  }

  private <T> T await(String what, Look<T> look) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (true) {
        check();
        var found = look.take();
        if (found != null) {
          return found;
        }
        if (closeCode != null || lost != null) {
          throw new AssertionError(
              "no " + what + ": closed with " + closeCode + "\n" + transcript(), lost);
        }
        if (left <= 0) {
          throw new AssertionError("no " + what + " within " + patience + "\n" + transcript());
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  private String transcript() {
    return frames.stream()
        .map(Frame::toString)
        .collect(Collectors.joining("\n  ", "frames so far:\n  ", ""));
  }

  private void heard(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        var text = message.toString();
        message.setLength(0);
        // API Gateway's word for an integration that had none
        if (!text.isEmpty()) {
          heard(() -> take(text));
        }
      }
      socket.request(1);
      return null;
    }

    private void take(String text) {
      try {
        var frame = Frame.of(text);
        var ready = door == Door.DIRECT ? List.of(frame) : order.take(frame);
        for (var one : ready) {
          frames.add(one);
          rules.check(one).forEach(rule -> broken.add(rule + " in " + one));
        }
      } catch (RuntimeException e) {
        broken.add(e + " in " + text);
      }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      heard(() -> {
        closeReason = reason;
        closeCode = code;
      });
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      heard(() -> lost = error);
    }
  }
}

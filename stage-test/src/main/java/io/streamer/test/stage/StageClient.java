package io.streamer.test.stage;

import io.streamer.shared.payload.Payloads;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client with a socket of its own. What it waits for fails the test if it does not come. */
public final class StageClient implements AutoCloseable {
  // API Gateway takes 32 KB in a frame, and a character may be three bytes
  private static final int FRAME_CHARS = 10_000;
  // tells on the thread that reads: on another one it keeps an end to itself that comes while a
  // message is being told
  static final HttpClient HTTP = HttpClient.newBuilder().executor(Runnable::run).build();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, StageRequest> requests = new HashMap<>();
  private final WebSocket socket;
  private volatile Duration patience = Duration.ofSeconds(20);
  private @Nullable Integer closeCode;
  private @Nullable Throwable lost;

  StageClient(URI uri, String token) {
    this.socket =
        HTTP.newWebSocketBuilder()
            .header("Authorization", "Bearer " + token)
            .buildAsync(uri, new Ear())
            .join();
  }

  /** How long it waits for anything; 20 s unless set. */
  public StageClient patience(Duration limit) {
    patience = limit;
    return this;
  }

  /**
   * Asks, and waits until the answer is there or the job ended.
   *
   * @param payload a record, a map or anything else that a handler may answer with
   */
  public Reply request(String action, Object payload) {
    return send(action, payload).reply();
  }

  /** Asks under a fresh id, without waiting. */
  public StageRequest send(String action, Object payload) {
    return send(UUID.randomUUID().toString(), action, payload);
  }

  /** Asks under this id: a job that the same user asked for under it before is not run again. */
  public StageRequest send(String id, String action, Object payload) {
    return send(id, new Asked("request", id, action, payload));
  }

  private record Asked(String type, String id, String action, Object payload) {}

  private record AskedStatus(String type, String id, String requestId) {}

  StageRequest status(String requestId) {
    var id = UUID.randomUUID().toString();
    return send(id, new AskedStatus("status", id, requestId));
  }

  private record Ping(String type, String id) {}

  /** Returns when the socket is known behind the door too: its time runs from here. */
  StageClient settled() {
    var id = UUID.randomUUID().toString();
    send(id, new Ping("ping", id)).awaitEnd();
    return this;
  }

  private StageRequest send(String id, Record frame) {
    var request = new StageRequest(this, id);
    look(() -> requests.put(id, request));
    var text = Payloads.write(frame).toString();
    int from = 0;
    while (text.length() - from > FRAME_CHARS) {
      int to = from + FRAME_CHARS;
      to -= Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      socket.sendText(text.substring(from, to), false).join();
      from = to;
    }
    socket.sendText(text.substring(from), true).join();
    return request;
  }

  /** Waits until the server closes the socket; gives the code. */
  public int closeCode() {
    return await("end of the connection", () -> closeCode);
  }

  /** Drops the connection without a word, as a network does. */
  public void drop() {
    socket.abort();
  }

  /** Leaves. */
  @Override
  public void close() {
    // the server may have closed it already
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(_ -> socket).join();
  }

  <T> T look(Supplier<T> taken) {
    lock.lock();
    try {
      return taken.get();
    } finally {
      lock.unlock();
    }
  }

  <T> T await(String what, Supplier<@Nullable T> wanted) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (true) {
        var found = wanted.get();
        if (found != null) {
          return found;
        }
        if (closeCode != null || lost != null) {
          throw new AssertionError("no " + what + ": the socket closed with " + closeCode, lost);
        }
        if (left <= 0) {
          throw new AssertionError("no " + what + " within " + patience);
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

  private void heard(Runnable change) {
    lock.lock();
    try {
      change.run();
    } catch (RuntimeException | AssertionError e) {
      lost = e;
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  private void take(String text) {
    var frame = ServerFrame.of(text);
    frame.requestId().map(requests::get).ifPresent(request -> request.take(frame));
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        var text = message.toString();
        message.setLength(0);
        // API Gateway sends an empty one where there is no answer
        if (!text.isEmpty()) {
          heard(() -> take(text));
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      heard(() -> closeCode = code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      heard(() -> lost = error);
    }
  }
}

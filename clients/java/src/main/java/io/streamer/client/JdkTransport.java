package io.streamer.client;

import io.streamer.client.internal.Teller;
import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * By the JDK's HTTP client.
 *
 * <p>That keeps an end to itself where a connection breaks off, without a close frame, while the
 * message before is being told (seen with 17 and 25: {@code WebSocketImpl} counts the end as one
 * message more than was asked for). Here a message is told by the very thread that reads, so it is
 * dealt with before the end is read; nothing keeps that thread. Only behind the first messages of a
 * connection, which another thread may tell, can an end still be lost: two heartbeats find it.
 */
public final class JdkTransport implements Transport {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration FETCH = Duration.ofMinutes(2);

  private static WeakReference<JdkTransport> shared = new WeakReference<>(null);

  private final HttpClient http;

  /** One with an HTTP client of its own. */
  public JdkTransport() {
    this(
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .executor(executor())
            .build());
  }

  /** By whoever calls, which may be the thread that reads for all: nothing thrown may end that. */
  static Executor executor() {
    return Teller::guarded;
  }

  /**
   * The one of all clients that are given none: its thread reads for all of them, and does nothing
   * else. It ends with the last of them.
   */
  static synchronized JdkTransport shared() {
    var known = shared.get();
    if (known == null) {
      known = new JdkTransport();
      shared = new WeakReference<>(known);
    }
    return known;
  }

  /**
   * By an HTTP client with its own proxy, certificates and so on. Unless its executor is {@code
   * Runnable::run}, a connection that breaks off right behind a message may be noticed only after
   * two heartbeats.
   */
  public JdkTransport(HttpClient http) {
    this.http = http;
  }

  @Override
  public Socket open(URI url, String token, SocketListener on) {
    var socket = new JdkSocket(on);
    var opening =
        http.newWebSocketBuilder()
            .connectTimeout(CONNECT)
            .subprotocols("streamer.v1")
            .header("Authorization", "Bearer " + token)
            .buildAsync(url, socket);
    var unused =
        opening.whenComplete((opened, e) -> {
          if (e != null) {
            socket.failed(e);
          }
        });
    return socket;
  }

  @Override
  public CompletableFuture<Fetched> fetch(URI url, long mostBytes) {
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(url).timeout(FETCH).build();
    } catch (IllegalArgumentException e) {
      var failed = new CompletableFuture<Fetched>();
      failed.completeExceptionally(e);
      return failed;
    }
    var body = new Bounded(mostBytes);
    return http.sendAsync(request, head -> body)
        .whenComplete((answer, e) -> body.leave())
        .thenApply(answer -> new Fetched(answer.statusCode(), answer.body()));
  }

  private static final class JdkSocket implements Socket, WebSocket.Listener {
    private static final int BYTES_OF_CHARACTER = 3;
    // so that no letter of two is cut apart
    private static final int LEAST_CHARACTERS = 2;
    private static final int LONGEST_TEXT = 16 * 1024 * 1024;
    private static final long MOST_UNSENT = 16L * 1024 * 1024;
    private static final long CLOSING_SECONDS = 2;

    private final SocketListener on;
    private final StringBuilder parts = new StringBuilder();
    private @Nullable WebSocket socket;
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
    // API Gateway's, until another is told
    private int frameCharacters = 32 * 1024 / BYTES_OF_CHARACTER;
    private long unsent;
    private boolean over;

    JdkSocket(SocketListener on) {
      this.on = on;
    }

    @Override
    public void onOpen(WebSocket opened) {
      synchronized (this) {
        socket = opened;
        if (over) {
          opened.abort();
          return;
        }
      }
      on.opened();
      opened.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      if (parts.length() + text.length() > LONGEST_TEXT) {
        ended(1009, "a text of the server is too long");
        from.abort();
        return null;
      }
      if (last && parts.length() == 0) {
        on.text(text.toString());
      } else {
        parts.append(text);
        if (last) {
          var whole = parts.toString();
          parts.setLength(0);
          on.text(whole);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      // nothing of the protocol is binary
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      ended(code, reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable e) {
      ended(1006, said(e));
    }

    @Override
    public synchronized void send(String text) {
      if (over || socket == null) {
        return;
      }
      unsent += text.length();
      if (unsent > MOST_UNSENT) {
        socket.abort();
        ended(1006, "the server reads too slowly");
        return;
      }
      var to = socket;
      for (int from = 0, end; from < text.length(); from = end) {
        end = end(text, from);
        var part = text.substring(from, end);
        boolean last = end == text.length();
        sending = sending.thenCompose(before -> to.sendText(part, last));
      }
      sending =
          sending.whenComplete((sent, e) -> {
            sent(text.length());
            if (e != null) {
              to.abort();
              ended(1006, said(e));
            }
          });
    }

    @Override
    public synchronized boolean limitFrames(int bytes) {
      frameCharacters = Math.max(LEAST_CHARACTERS, bytes / BYTES_OF_CHARACTER);
      return true;
    }

    /** Where a frame ends: never within a character. */
    private int end(String text, int from) {
      int end = from + Math.min(text.length() - from, frameCharacters);
      return end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    private synchronized void sent(int characters) {
      unsent -= characters;
    }

    @Override
    public synchronized void close() {
      over = true;
      var to = socket;
      if (to != null) {
        var unused =
            sending
                .thenCompose(before -> to.sendClose(WebSocket.NORMAL_CLOSURE, ""))
                .whenComplete((closed, e) ->
                    CompletableFuture.delayedExecutor(CLOSING_SECONDS, TimeUnit.SECONDS)
                        .execute(to::abort));
        if (!sending.isDone()) {
          CompletableFuture.delayedExecutor(CLOSING_SECONDS, TimeUnit.SECONDS).execute(to::abort);
        }
      }
    }

    void failed(Throwable e) {
      var cause = e instanceof CompletionException ? e.getCause() : e;
      if (cause instanceof WebSocketHandshakeException refused
          && refused.getResponse() != null
          && refused.getResponse().statusCode() != 101) {
        var response = refused.getResponse();
        if (endedNow()) {
          on.refused(response.statusCode(), String.valueOf(response.body()));
        }
      } else {
        ended(1006, said(cause == null ? e : cause));
      }
    }

    private void ended(int code, String reason) {
      if (endedNow()) {
        on.closed(code, reason);
      }
    }

    private synchronized boolean endedNow() {
      boolean first = !over;
      over = true;
      return first;
    }

    /** The first word that is said of it: some are but a wrapping. */
    private static String said(Throwable e) {
      for (var cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof UnresolvedAddressException) {
          return "there is no host of that name";
        }
        if (cause.getMessage() != null && !(cause instanceof CompletionException)) {
          return cause.getMessage();
        }
      }
      return e instanceof java.net.ConnectException
          ? "nothing listens there"
          : e.getClass().getSimpleName();
    }
  }

  /** A body, or a byte more than is wanted of one that is too long. */
  static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
    private final long most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    Bounded(long most) {
      this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      newSubscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (var buffer : buffers) {
        var part = new byte[(int) Math.min(buffer.remaining(), most + 1 - bytes.size())];
        buffer.get(part);
        bytes.writeBytes(part);
      }
      if (bytes.size() > most) {
        body.complete(bytes.toByteArray());
      } else if (subscription != null) {
        subscription.request(1);
      }
    }

    /**
     * Lets go of what is left of a body that is too long. Before the answer is complete, the HTTP
     * client would take it for the answer's failure.
     */
    void leave() {
      if (subscription != null && bytes.size() > most) {
        subscription.cancel();
      }
    }

    @Override
    public void onError(Throwable e) {
      body.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toByteArray());
    }
  }
}

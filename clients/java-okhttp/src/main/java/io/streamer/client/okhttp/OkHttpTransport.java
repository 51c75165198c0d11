package io.streamer.client.okhttp;

import io.streamer.client.Transport;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * By OkHttp. It sends a message as one frame: behind API Gateway, which takes frames of 32 KB, a
 * larger message fails before it is sent.
 */
public final class OkHttpTransport implements Transport {
  private static final int NORMAL = 1000;
  private static final int ABNORMAL = 1006;
  private static final long MOST_BODY_OF_REFUSAL = 64 * 1024;
  private static final long FETCH_MINUTES = 2;

  private final OkHttpClient http;

  /** One with an OkHttp client of its own. */
  public OkHttpTransport() {
    this(new OkHttpClient());
  }

  /** By an OkHttp client with its own proxy, certificates and so on; it is not changed. */
  public OkHttpTransport(OkHttpClient http) {
    // an open socket is read from for as long as it lives
    this.http = http.newBuilder().readTimeout(0, TimeUnit.MILLISECONDS).build();
  }

  @Override
  public Socket open(URI url, String token, SocketListener on) {
    var request =
        new Request.Builder()
            .url(url.toString())
            .header("Authorization", "Bearer " + token)
            .header("Sec-WebSocket-Protocol", "streamer.v1")
            .build();
    var heard = new Heard(on);
    var socket = http.newWebSocket(request, heard);
    return new Socket() {
      @Override
      public void send(String text) {
        // it closes itself where too much is unsent
        var unused = socket.send(text);
      }

      @Override
      public void close() {
        heard.leave();
        if (!socket.close(NORMAL, null)) {
          socket.cancel();
        }
      }
    };
  }

  @Override
  public CompletableFuture<Fetched> fetch(URI url, long mostBytes) {
    var answer = new CompletableFuture<Fetched>();
    var call = http.newCall(new Request.Builder().url(url.toString()).build());
    call.timeout().timeout(FETCH_MINUTES, TimeUnit.MINUTES);
    call.enqueue(
        new Callback() {
          @Override
          public void onResponse(Call of, Response response) {
            try (response) {
              answer.complete(new Fetched(response.code(), body(response, mostBytes + 1)));
            } catch (IOException e) {
              answer.completeExceptionally(e);
            }
          }

          @Override
          public void onFailure(Call of, IOException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  /** So many bytes of it at most. */
  private static byte[] body(Response response, long most) throws IOException {
    var body = response.body();
    var bytes = new Buffer();
    if (body != null) {
      var source = body.source();
      while (bytes.size() < most && source.read(bytes, most - bytes.size()) >= 0) {
        // on to the next piece
      }
    }
    return bytes.readByteArray();
  }

  /** Tells a listener, and its end once. */
  private static final class Heard extends WebSocketListener {
    private final SocketListener on;
    private boolean over;

    Heard(SocketListener on) {
      this.on = on;
    }

    synchronized void leave() {
      over = true;
    }

    private synchronized boolean end() {
      boolean first = !over;
      over = true;
      return first;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      on.opened();
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      on.text(text);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      socket.close(NORMAL, null);
      if (end()) {
        on.closed(code, reason);
      }
    }

    @Override
    public void onFailure(WebSocket socket, Throwable e, @Nullable Response response) {
      if (!end()) {
        return;
      }
      if (response != null && response.code() != 101) {
        on.refused(response.code(), refusal(response));
      } else {
        var said = e.getMessage();
        on.closed(ABNORMAL, said != null ? said : e.getClass().getSimpleName());
      }
    }

    private static String refusal(Response response) {
      try {
        return new Buffer().write(body(response, MOST_BODY_OF_REFUSAL)).readUtf8();
      } catch (IOException e) {
        return "";
      }
    }
  }
}

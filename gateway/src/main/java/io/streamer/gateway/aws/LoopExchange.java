package io.streamer.gateway.aws;

import io.streamer.shared.aws.HttpCall;
import io.streamer.shared.aws.HttpReply;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Exchanges over HTTP by Vert.x's client, on the event loop that asks. A call is made once. */
public final class LoopExchange implements AutoCloseable {
  private final Vertx vertx;
  private final HttpClient client;
  private final int mostBytes;

  /**
   * How much there is at a time, and for how long.
   *
   * @param connections to a host
   * @param waiting calls that wait for a connection; more fail at once
   * @param connect for a host that takes no connection: the pool has its place for so long
   * @param idle from when on a connection is left: hosts end theirs, and a call must not meet that
   * @param answer bytes of an answer's body that are read; what is beyond is left, with its
   *     connection
   */
  public record Bounds(int connections, int waiting, Duration connect, Duration idle, int answer) {}

  /**
   * A pool of connections.
   *
   * @param options what is besides: whom to trust
   */
  public LoopExchange(Vertx vertx, Bounds bounds, HttpClientOptions options) {
    this.vertx = vertx;
    this.mostBytes = bounds.answer();
    this.client =
        vertx.createHttpClient(
            options
                .setConnectTimeout((int) bounds.connect().toMillis())
                .setKeepAliveTimeout((int) bounds.idle().toSeconds())
                // a checksum is of the bytes as they came
                .setDecompressionSupported(false),
            new PoolOptions()
                .setHttp1MaxSize(bounds.connections())
                .setMaxWaitQueueSize(bounds.waiting()));
  }

  /**
   * Makes a call, on an event loop, where it completes.
   *
   * @param patience in milliseconds, for all of it
   * @return fails with an {@link UnrepliedException} if there is no answer, or not the whole of one
   * @throws RuntimeException if a header takes not what it is to say, which the message may tell
   */
  public Future<HttpReply> send(HttpCall call, long patience) {
    if (call.at().getHost() == null) {
      return Future.failedFuture(
          new UnrepliedException("the address " + call.at() + " names no host", null));
    }
    return new Exchange(call, Math.max(1, patience)).begin();
  }

  @Override
  public void close() {
    var _ = client.close();
  }

  private static RequestOptions options(HttpCall call) {
    var at = call.at();
    boolean tls = "https".equals(at.getScheme());
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(call.method()))
            .setHost(at.getHost())
            .setPort(at.getPort() >= 0 ? at.getPort() : tls ? 443 : 80)
            .setSsl(tls)
            .setURI(call.path());
    call.headers()
        .forEach((name, values) -> {
          // the client has its own, which is the same
          if (!name.equalsIgnoreCase("Host")) {
            options.addHeader(name, values.getFirst());
          }
        });
    return options;
  }

  /** One call; its loop owns all state. Whatever comes of it once it is over is late. */
  private final class Exchange {
    private final HttpCall call;
    private final long patience;
    private final Promise<HttpReply> done = Promise.promise();
    private final Buffer body = Buffer.buffer();
    private long timer;
    private boolean over;
    private @Nullable HttpClientRequest sent;

    Exchange(HttpCall call, long patience) {
      this.call = call;
      this.patience = patience;
    }

    Future<HttpReply> begin() {
      var options = options(call).setConnectTimeout(patience);
      timer = vertx.setTimer(patience, _ -> broken("no answer within " + patience + " ms", null));
      client.request(options).onComplete(this::opened);
      return done.future();
    }

    private void opened(AsyncResult<HttpClientRequest> opened) {
      if (opened.failed()) {
        broken(opened.cause());
        return;
      }
      var request = opened.result();
      if (over) {
        request.reset();
        return;
      }
      sent = request;
      var answer = call.body() == null ? request.send() : request.send(Buffer.buffer(call.body()));
      answer.onComplete(this::answered);
    }

    private void answered(AsyncResult<HttpClientResponse> answered) {
      if (answered.failed()) {
        broken(answered.cause());
        return;
      }
      var response = answered.result();
      response.exceptionHandler(this::broken);
      response.handler(part -> take(part, response));
      response.endHandler(_ -> complete(response, false));
    }

    private void take(Buffer part, HttpClientResponse response) {
      int room = mostBytes - body.length();
      body.appendBuffer(part, 0, Math.min(room, part.length()));
      if (part.length() > room) {
        var unread = sent;
        complete(response, true);
        if (unread != null) {
          unread.reset();
        }
      }
    }

    private void complete(HttpClientResponse response, boolean cut) {
      if (end()) {
        done.complete(
            new HttpReply(response.statusCode(), response::getHeader, body.getBytes(), cut));
      }
    }

    private void broken(Throwable e) {
      broken(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }

    /** Takes no more of it: its connection may have half an answer on it. */
    private void broken(String why, @Nullable Throwable e) {
      var unread = sent;
      if (end()) {
        if (unread != null) {
          unread.reset();
        }
        done.fail(new UnrepliedException(why, e));
      }
    }

    /** Whether it was not over. */
    private boolean end() {
      if (over) {
        return false;
      }
      over = true;
      sent = null;
      vertx.cancelTimer(timer);
      return true;
    }
  }
}

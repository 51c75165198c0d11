package io.streamer.gateway.push;

import io.streamer.gateway.aws.LoopCredentials;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.push.Host;
import io.streamer.shared.push.PushAnswer;
import io.streamer.shared.push.PushCall;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.PushReply;
import io.streamer.shared.push.PushSigning;
import io.streamer.shared.push.UnansweredException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
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
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Speaks the {@code @connections} API over Vert.x's HTTP client, on the event loop that asks. It
 * signs and finds credentials by the SDK. A call is made once; one whose signature is refused, of
 * which nothing was taken, is signed once more if there are other credentials or if the host's
 * clock says another time.
 *
 * <p>There are {@link Pushes#MOST_UNDER_WAY} connections to a host, and so many calls may wait for
 * one as may wait for a lane: what comes beyond them is unanswered at once.
 */
public final class LeanPushTransport implements PushTransport {
  /** The hosts end idle connections; a request must not meet that. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** For a host that takes no connection: the pool has its place for so long. */
  private static final int CONNECT_MS = 2_000;

  private final VertxInternal vertx;
  private final Supplier<String> secret;
  private final LoopCredentials credentials;
  private final PushSigning signing;
  private final ServerClock clock;
  private final HttpClient client;

  /**
   * To nodes and to the APIs of a region.
   *
   * @param internalSecret sent to our own nodes, as it is at each call; empty for none
   * @param credentials that calls to API Gateway are signed with
   * @param clock the machine's
   */
  public LeanPushTransport(
      Vertx vertx,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials,
      Clock clock) {
    this(vertx, internalSecret, region, credentials, clock, new HttpClientOptions());
  }

  /**
   * As above.
   *
   * @param options what is besides: whom to trust
   */
  LeanPushTransport(
      Vertx vertx,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials,
      Clock clock,
      HttpClientOptions options) {
    this.vertx = (VertxInternal) vertx;
    this.secret = internalSecret;
    this.credentials = new LoopCredentials(vertx, credentials, clock);
    this.signing = new PushSigning(region);
    this.clock = new ServerClock(clock);
    this.client =
        vertx.createHttpClient(
            options
                .setConnectTimeout(CONNECT_MS)
                .setKeepAliveTimeout((int) IDLE.toSeconds())
                .setDecompressionSupported(false),
            new PoolOptions()
                .setHttp1MaxSize(Pushes.MOST_UNDER_WAY)
                .setMaxWaitQueueSize(Pushes.MOST_WAITING));
  }

  @Override
  public Future<PushAnswer> send(Host host, PushCall call, Context context) {
    var caller = (ContextInternal) context;
    // whoever may wait has a thread of its own, and each event would be a hop to it
    var loop = caller.isEventLoopContext() ? caller : vertx.createEventLoopContext();
    var done = caller.<PushAnswer>promise();
    var exchange = new Exchange(host, call, done);
    if (loop.inThread()) {
      exchange.begin();
    } else {
      loop.runOnContext(_ -> exchange.begin());
    }
    return done.future();
  }

  @Override
  public void close() {
    var _ = client.close();
  }

  /** One call; its loop owns all state. Whatever comes of it once it is over is late. */
  private final class Exchange {
    private final Host host;
    private final PushCall call;
    private final Promise<PushAnswer> done;
    private final long begun = System.nanoTime();
    private Buffer body = Buffer.buffer();
    private Clock signedBy = clock.now();
    private long timer;
    private boolean remedied;
    private boolean over;
    private @Nullable AwsCredentials signer;
    private @Nullable HttpClientRequest sent;

    Exchange(Host host, PushCall call, Promise<PushAnswer> done) {
      this.host = host;
      this.call = call;
      this.done = done;
    }

    void begin() {
      long patience = host.patience().toMillis();
      timer = vertx.setTimer(patience, _ -> broken("no answer within " + patience + " ms", null));
      if (host.node()) {
        guarded(() -> {
          var now = secret.get();
          send(now.isEmpty() ? Map.of() : Map.of(PushClient.SECRET_HEADER, List.of(now)));
        });
      } else {
        credentials
            .now(patience)
            .onSuccess(this::sign)
            .onFailure(e -> broken("there are no credentials: " + e.getMessage(), e));
      }
    }

    private void sign(AwsCredentials found) {
      guarded(() -> {
        signer = found;
        signedBy = clock.now();
        send(signing.headers(host, call, found, signedBy));
      });
    }

    /** Whatever is thrown, who waits hears of it. */
    private void guarded(Runnable step) {
      if (over) {
        return;
      }
      try {
        step.run();
      } catch (RuntimeException e) {
        // its message may tell what a header was to say
        broken(e.getClass().getSimpleName(), null);
      }
    }

    private void send(Map<String, List<String>> headers) {
      body = Buffer.buffer();
      var address = host.address();
      if (address.getHost() == null) {
        broken("the address " + address + " names no host", null);
        return;
      }
      boolean tls = "https".equals(address.getScheme());
      var options =
          new RequestOptions()
              .setMethod(HttpMethod.valueOf(call.kind().name()))
              .setHost(address.getHost())
              .setPort(address.getPort() >= 0 ? address.getPort() : tls ? 443 : 80)
              .setSsl(tls)
              .setURI(call.path(host))
              .setConnectTimeout(host.patience().toMillis());
      headers.forEach((name, values) -> {
        // the client has its own, which is the same
        if (!name.equalsIgnoreCase("Host")) {
          options.addHeader(name, values.getFirst());
        }
      });
      client.request(options).onComplete(this::opened);
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
      var answer =
          call.kind() == PushCall.Kind.POST
              ? request.send(Buffer.buffer(call.body()))
              : request.send();
      answer.onComplete(this::answered);
    }

    private void answered(AsyncResult<HttpClientResponse> answered) {
      if (answered.failed()) {
        broken(answered.cause());
        return;
      }
      var response = answered.result();
      response.exceptionHandler(this::broken);
      response.handler(this::take);
      response.endHandler(_ -> read(response));
    }

    private void take(Buffer part) {
      int room = PushReply.MOST_BYTES - body.length();
      body.appendBuffer(part, 0, Math.min(room, part.length()));
    }

    private void read(HttpClientResponse response) {
      if (over) {
        return;
      }
      sent = null;
      var reply =
          new PushReply(
              response.statusCode(),
              response.getHeader("x-amzn-ErrorType"),
              response.getHeader("Date"),
              body.getBytes());
      var by = signer;
      if (by == null || remedied) {
        finish(reply);
        return;
      }
      switch (reply.remedy(clock, signedBy)) {
        case NONE -> finish(reply);
        case OTHER_TIME -> {
          remedied = true;
          sign(by);
        }
        case OTHER_CREDENTIALS -> {
          remedied = true;
          credentials
              .lookUp(by, left())
              .onComplete(found -> {
                if (found.succeeded() && !found.result().equals(by)) {
                  sign(found.result());
                } else {
                  finish(reply);
                }
              });
        }
      }
    }

    private long left() {
      return host.patience().toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void finish(PushReply reply) {
      if (over) {
        return;
      }
      over = true;
      vertx.cancelTimer(timer);
      try {
        done.tryComplete(reply.read(call.kind()));
      } catch (UnansweredException e) {
        done.tryFail(e);
      }
    }

    private void broken(Throwable e) {
      broken(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }

    /** Takes no more of it: its connection may have half an answer on it. */
    private void broken(String why, @Nullable Throwable e) {
      if (over) {
        return;
      }
      over = true;
      vertx.cancelTimer(timer);
      if (sent != null) {
        sent.reset();
      }
      done.tryFail(new UnansweredException(why, e));
    }
  }
}

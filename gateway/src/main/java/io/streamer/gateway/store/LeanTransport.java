package io.streamer.gateway.store;

import io.streamer.gateway.aws.LoopCredentials;
import io.streamer.gateway.store.StoreListener.Ending;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.dynamo.CallTries;
import io.streamer.shared.dynamo.RequestJson;
import io.streamer.shared.dynamo.RetryTokens;
import io.streamer.shared.dynamo.Signing;
import io.streamer.shared.dynamo.StoreReply;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.streamer.shared.table.StoreUnavailableException;
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
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Speaks DynamoDB's JSON protocol over Vert.x's HTTP client, on the event loop that asks. It signs
 * and finds credentials by the SDK, and retries as the SDK does.
 *
 * <p>So many connections, and so many calls that wait for one: what comes beyond them fails at once
 * as if the tables were away. An answer beyond {@link StoreReply#MOST_BYTES} is not read.
 */
public final class LeanTransport implements StoreTransport {
  private static final Duration CONNECT = Duration.ofSeconds(1);

  /** The service ends idle connections; a request must not meet that. */
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final VertxInternal vertx;
  private final URI address;
  private final int port;
  private final Bounds bounds;
  private final LoopCredentials credentials;
  private final List<StoreListener> listeners;
  private final Signing signing;
  private final ServerClock clock;
  private final RetryTokens tokens = new RetryTokens();
  private final HttpClient client;
  private volatile boolean closed;

  /**
   * How much there is at a time, and for how long.
   *
   * @param waiting calls that wait for a connection; more fail at once
   * @param attempt for one try
   * @param call for all tries of a call, with the pauses between them
   */
  public record Bounds(int connections, int waiting, Duration attempt, Duration call) {}

  /**
   * To the tables of a region.
   *
   * @param address where DynamoDB answers
   * @param clock the machine's
   */
  public LeanTransport(
      Vertx vertx,
      URI address,
      String region,
      AwsCredentialsProvider credentials,
      Clock clock,
      Bounds bounds,
      List<StoreListener> listeners) {
    boolean tls = "https".equals(address.getScheme());
    this.vertx = (VertxInternal) vertx;
    this.address = address;
    this.port = address.getPort() >= 0 ? address.getPort() : tls ? 443 : 80;
    this.bounds = bounds;
    this.credentials = new LoopCredentials(vertx, credentials, clock);
    this.listeners = List.copyOf(listeners);
    this.signing = new Signing(address, region);
    this.clock = new ServerClock(clock);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setSsl(tls)
                .setConnectTimeout((int) CONNECT.toMillis())
                .setKeepAliveTimeout((int) IDLE.toSeconds())
                // a checksum is of the bytes as they came
                .setDecompressionSupported(false),
            new PoolOptions()
                .setHttp1MaxSize(bounds.connections())
                .setMaxWaitQueueSize(bounds.waiting()));
  }

  @Override
  public Future<Answer> send(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Queries several -> {
        var answers = several.queries().stream().map(this::call).toList();
        yield Future.join(answers)
            .map(_ -> Answer.Rows.together(answers.stream().map(it -> Pages.rows(it.result()))));
      }
      case StoreRequest.Batch batch when !batch.pause().isZero() ->
          vertx.timer(millis(batch.jittered())).compose(_ -> call(batch));
      case StoreRequest.Get _,
          StoreRequest.Put _,
          StoreRequest.Update _,
          StoreRequest.Delete _,
          StoreRequest.Query _,
          StoreRequest.Range _,
          StoreRequest.Scan _,
          StoreRequest.Batch _,
          StoreRequest.Writes _ ->
          call(request);
    };
  }

  private Future<Answer> call(StoreRequest request) {
    var caller = vertx.getOrCreateContext();
    // whoever may wait has a thread of its own, and each event would be a hop to it
    var loop = caller.isEventLoopContext() ? caller : vertx.createEventLoopContext();
    var done = caller.<Answer>promise();
    var call = new StoreCall(request, done);
    if (loop.inThread()) {
      call.begin();
    } else {
      loop.runOnContext(_ -> call.begin());
    }
    return done.future();
  }

  /** Timers count from one. */
  private static long millis(Duration time) {
    return Math.max(1, time.toMillis());
  }

  @Override
  public void close() {
    closed = true;
    var _ = client.close();
  }

  /** One call and its tries, one at a time; its loop owns all state. */
  private final class StoreCall {
    private final StoreRequest request;
    private final Promise<Answer> done;
    private final CallTries attempts;
    private final long begun = System.nanoTime();
    private @Nullable RequestJson wire;

    StoreCall(StoreRequest request, Promise<Answer> done) {
      this.request = request;
      this.done = done;
      this.attempts = new CallTries(request, tokens, clock, ThreadLocalRandom.current());
    }

    void begin() {
      credentials.now(left()).onSuccess(this::attempt).onFailure(this::withoutCredentials);
    }

    private void withoutCredentials(Throwable e) {
      fail(CallTries.unsent("there are no credentials", e));
    }

    private void attempt(AwsCredentials signer) {
      try {
        if (wire == null) {
          wire = RequestJson.of(request);
        }
        new Try(wire, signer).begin();
      } catch (RuntimeException e) {
        // a value that no JSON can carry
        done.tryFail(e);
      }
    }

    private long left() {
      return bounds.call().toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void go(CallTries.Next next, AwsCredentials signer) {
      switch (next) {
        case CallTries.Next.Done(var answer) -> {
          over(Ending.ANSWERED);
          done.tryComplete(answer);
        }
        case CallTries.Next.Failed failed -> fail(failed);
        case CallTries.Next.Again(var pause, var otherwise, var otherCredentials) -> {
          long wait = millis(pause);
          if (closed || wait >= left()) {
            fail(otherwise);
          } else if (otherCredentials) {
            credentials
                .lookUp(signer, left())
                .onSuccess(found -> {
                  if (found.equals(signer)) {
                    fail(otherwise);
                  } else {
                    attempt(found);
                  }
                })
                .onFailure(this::withoutCredentials);
          } else {
            vertx.setTimer(wait, _ -> begin());
          }
        }
      }
    }

    private void fail(CallTries.Next.Failed failed) {
      over(failed.answered() ? Ending.REFUSED : Ending.UNANSWERED);
      done.tryFail(failed.why());
    }

    private void over(Ending ending) {
      long nanos = System.nanoTime() - begun;
      for (var listener : listeners) {
        listener.over(ending, nanos);
      }
    }

    /** One try. Whatever comes of it once it is over is late. */
    private final class Try {
      private final RequestJson wire;
      private final AwsCredentials signer;
      private final Buffer body = Buffer.buffer();
      private long timer;
      private boolean over;
      private @Nullable HttpClientRequest sent;

      Try(RequestJson wire, AwsCredentials signer) {
        this.wire = wire;
        this.signer = signer;
      }

      void begin() {
        var options =
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(address.getHost())
                .setPort(port)
                .setURI("/");
        signing
            .headers(wire, signer, attempts.begin())
            .forEach((name, values) -> {
              // the client has its own, which is the same
              if (!name.equalsIgnoreCase("Host")) {
                options.addHeader(name, values.getFirst());
              }
            });
        long patience = Math.min(bounds.attempt().toMillis(), left());
        timer =
            vertx.setTimer(
                Math.max(1, patience), _ -> broken("no answer within " + patience + " ms", null));
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
        request.send(Buffer.buffer(wire.body())).onComplete(this::answered);
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
        if (over) {
          return;
        }
        if (body.length() + part.length() > StoreReply.MOST_BYTES) {
          end();
          fail(
              new CallTries.Next.Failed(
                  new StoreUnavailableException(
                      "the tables' answer is longer than " + StoreReply.MOST_BYTES + " bytes"),
                  true));
          return;
        }
        body.appendBuffer(part);
      }

      private void read(HttpClientResponse response) {
        if (over) {
          return;
        }
        over = true;
        vertx.cancelTimer(timer);
        var reply =
            new StoreReply(
                response.statusCode(),
                response.getHeader("x-amzn-ErrorType"),
                response.getHeader("x-amz-crc32"),
                response.getHeader("Date"),
                body.getBytes());
        go(attempts.answered(reply), signer);
      }

      private void broken(Throwable e) {
        broken(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
      }

      private void broken(String why, @Nullable Throwable e) {
        if (!over) {
          end();
          go(attempts.unanswered(why, e), signer);
        }
      }

      /** Takes no more of it: its connection may have half an answer on it. */
      private void end() {
        over = true;
        vertx.cancelTimer(timer);
        if (sent != null) {
          sent.reset();
        }
      }
    }
  }
}

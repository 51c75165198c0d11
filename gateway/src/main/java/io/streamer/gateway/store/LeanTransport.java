package io.streamer.gateway.store;

import io.streamer.gateway.aws.LoopCredentials;
import io.streamer.gateway.aws.LoopExchange;
import io.streamer.gateway.store.StoreListener.Ending;
import io.streamer.shared.aws.RetryTokens;
import io.streamer.shared.aws.ServerClock;
import io.streamer.shared.aws.Tries.Next;
import io.streamer.shared.dynamo.CallTries;
import io.streamer.shared.dynamo.RequestJson;
import io.streamer.shared.dynamo.Signing;
import io.streamer.shared.table.Answer;
import io.streamer.shared.table.Pages;
import io.streamer.shared.table.StoreRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
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
 * Speaks DynamoDB's JSON protocol by {@link LoopExchange}. It finds credentials by the SDK, and
 * retries as the SDK does.
 *
 * <p>So many connections, and so many calls that wait for one: what comes beyond them fails at once
 * as if the tables were away.
 */
public final class LeanTransport implements StoreTransport {
  private static final Duration CONNECT = Duration.ofSeconds(1);

  /** The service ends idle connections; a request must not meet that. */
  private static final Duration IDLE = Duration.ofSeconds(5);

  private final VertxInternal vertx;
  private final Bounds bounds;
  private final LoopCredentials credentials;
  private final List<StoreListener> listeners;
  private final Signing signing;
  private final ServerClock clock;
  private final RetryTokens tokens = new RetryTokens();
  private final LoopExchange http;
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
    this.vertx = (VertxInternal) vertx;
    this.bounds = bounds;
    this.credentials = new LoopCredentials(vertx, credentials, clock);
    this.listeners = List.copyOf(listeners);
    this.signing = new Signing(address, region);
    this.clock = new ServerClock(clock);
    this.http =
        new LoopExchange(
            vertx,
            new LoopExchange.Bounds(
                bounds.connections(), bounds.waiting(), CONNECT, IDLE, CallTries.MOST_BYTES),
            new HttpClientOptions());
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
    http.close();
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
      fail(attempts.unsent("there are no credentials", e));
    }

    private void attempt(AwsCredentials signer) {
      try {
        if (wire == null) {
          wire = RequestJson.of(request);
        }
        http.send(
                signing.call(wire, signer, attempts.begin()),
                Math.min(bounds.attempt().toMillis(), left()))
            .onSuccess(reply -> go(attempts.answered(reply), signer))
            .onFailure(
                e -> go(attempts.unanswered(String.valueOf(e.getMessage()), e.getCause()), signer));
      } catch (RuntimeException e) {
        // a value that no JSON can carry
        done.tryFail(e);
      }
    }

    private long left() {
      return bounds.call().toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void go(Next<Answer> next, AwsCredentials signer) {
      switch (next) {
        case Next.Done<Answer>(var answer) -> {
          over(Ending.ANSWERED);
          done.tryComplete(answer);
        }
        case Next.Failed<Answer> failed -> fail(failed);
        case Next.Again<Answer>(var pause, var otherwise, var otherCredentials) -> {
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

    private void fail(Next.Failed<Answer> failed) {
      over(failed.answered() ? Ending.REFUSED : Ending.UNANSWERED);
      done.tryFail(failed.why());
    }

    private void over(Ending ending) {
      long nanos = System.nanoTime() - begun;
      for (var listener : listeners) {
        listener.over(ending, nanos);
      }
    }
  }
}

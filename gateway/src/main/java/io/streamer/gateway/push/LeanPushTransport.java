package io.streamer.gateway.push;

import io.streamer.gateway.aws.LoopCredentials;
import io.streamer.gateway.aws.LoopExchange;
import io.streamer.shared.push.Host;
import io.streamer.shared.push.HostClocks;
import io.streamer.shared.push.PushAnswer;
import io.streamer.shared.push.PushCall;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.PushReply;
import io.streamer.shared.push.PushSigning;
import io.streamer.shared.push.UnansweredException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
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
 * Speaks the {@code @connections} API by {@link LoopExchange}. It finds credentials by the SDK. A
 * call is made once; one whose signature is refused, of which nothing was taken, is signed once
 * more if there are other credentials or if the host's clock says another time.
 *
 * <p>There are {@link Pushes#MOST_UNDER_WAY} connections to a host, and so many calls may wait for
 * one as may wait for a lane: what comes beyond them is unanswered at once.
 */
public final class LeanPushTransport implements PushTransport {
  private static final LoopExchange.Bounds BOUNDS =
      new LoopExchange.Bounds(
          Pushes.MOST_UNDER_WAY,
          Pushes.MOST_WAITING,
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          PushReply.MOST_BYTES);

  private final VertxInternal vertx;
  private final Supplier<String> secret;
  private final LoopCredentials credentials;
  private final PushSigning signing;
  private final HostClocks clocks;
  private final LoopExchange http;

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
    this.clocks = new HostClocks(clock);
    this.http = new LoopExchange(vertx, BOUNDS, options);
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
    http.close();
  }

  /** One call; its loop owns all state. */
  private final class Exchange {
    private final Host host;
    private final PushCall call;
    private final Promise<PushAnswer> done;
    private final long begun = System.nanoTime();

    Exchange(Host host, PushCall call, Promise<PushAnswer> done) {
      this.host = host;
      this.call = call;
      this.done = done;
    }

    void begin() {
      if (host.node()) {
        guarded(() -> {
          var now = secret.get();
          send(now.isEmpty() ? Map.of() : Map.of(PushClient.SECRET_HEADER, List.of(now)))
              .onSuccess(this::finish);
        });
      } else {
        credentials
            .now(left())
            .onSuccess(found -> guarded(() -> sign(found)))
            .onFailure(e -> broken("there are no credentials: " + e.getMessage(), e));
      }
    }

    private void sign(AwsCredentials found) {
      var clock = clocks.of(host);
      var time = clock.now();
      send(signing.headers(host, call, found, time))
          .onSuccess(reply -> {
            switch (reply.remedy(clock, time)) {
              case NONE -> finish(reply);
              case OTHER_TIME -> guarded(() -> signAgain(found));
              case OTHER_CREDENTIALS ->
                  credentials
                      .lookUp(found, left())
                      .onComplete(other -> {
                        if (other.succeeded() && !other.result().equals(found)) {
                          guarded(() -> signAgain(other.result()));
                        } else {
                          finish(reply);
                        }
                      });
            }
          });
    }

    private void signAgain(AwsCredentials by) {
      send(signing.headers(host, call, by, clocks.of(host).now())).onSuccess(this::finish);
    }

    /** Whatever is thrown, who waits hears of it. */
    private void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        // its message may tell what a header was to say
        broken(e.getClass().getSimpleName(), null);
      }
    }

    /** What fails is told already. */
    private Future<PushReply> send(Map<String, List<String>> headers) {
      return http.send(call.to(host, headers), left())
          .map(PushReply::new)
          .onFailure(e -> broken(String.valueOf(e.getMessage()), e.getCause()));
    }

    private long left() {
      return host.patience().toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void finish(PushReply reply) {
      try {
        done.tryComplete(reply.read(call.kind()));
      } catch (UnansweredException e) {
        done.tryFail(e);
      }
    }

    private void broken(String why, @Nullable Throwable e) {
      done.tryFail(new UnansweredException(why, e));
    }
  }
}

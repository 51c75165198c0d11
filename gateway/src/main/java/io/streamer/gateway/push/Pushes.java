package io.streamer.gateway.push;

import io.micrometer.core.instrument.Counter;
import io.streamer.gateway.aws.SdkLoops;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.job.Route;
import io.streamer.shared.push.Endpoints;
import io.streamer.shared.push.Lanes;
import io.streamer.shared.push.Outcomes;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.push.SecretHeader;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.table.StoreUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiAsyncClient;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GetConnectionResponse;

/**
 * Speaks the {@code @connections} API to whoever holds a connection, as {@link PushClient} does in
 * the worker. No call waits for a thread that a handler could keep: it goes out on the client's own
 * event loops and completes on the caller's context. Each is tried once; who calls knows whether a
 * frame is worth another try. No call fails: what goes wrong is an outcome.
 */
public final class Pushes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pushes.class);
  private static final Duration OF_A_NODE = Duration.ofSeconds(1);
  private static final Duration OF_AN_API = Duration.ofSeconds(5);

  /** Per host: one that hangs takes nothing from the others. */
  private static final int MOST_AT_A_TIME = 64;

  /** Of connections of the same host that hang; they take nothing from the others either. */
  private static final int MOST_LATE = 192;

  /** Per host, before a push is told to come back. */
  private static final int MOST_WAITING = 2_000;

  /** Nodes come and go, and so do their addresses. */
  private static final int MOST_HOSTS = 256;

  private final Vertx vertx;
  private final Addresses addresses;
  private final SecretHeader secret;
  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final Counter delivered;
  private final Counter gone;
  private final Counter failed;
  private final SdkAsyncHttpClient http =
      NettyNioAsyncHttpClient.builder()
          .maxConcurrency(MOST_AT_A_TIME + MOST_LATE)
          .connectionTimeout(OF_AN_API)
          .readTimeout(OF_AN_API)
          .eventLoopGroup(SdkLoops.shared())
          .build();
  private final Map<URI, Host> hosts = new ConcurrentHashMap<>();

  /** Bytes of frames on their way out, whoever they are for. */
  private final AtomicLong underWay = new AtomicLong();

  private final long mostBytes;

  private record Host(ApiGatewayManagementApiAsyncClient client, HostLanes lanes) {}

  /**
   * The way out.
   *
   * @param internalSecret sent to our own nodes, as it is at each call; empty for none
   * @param region that calls to API Gateway are signed for
   * @param credentials that they are signed with
   */
  public Pushes(
      Vertx vertx,
      Addresses addresses,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials,
      Meters meters) {
    this(
        vertx,
        addresses,
        internalSecret,
        region,
        credentials,
        meters,
        Runtime.getRuntime().maxMemory() / 16);
  }

  Pushes(
      Vertx vertx,
      Addresses addresses,
      Supplier<String> internalSecret,
      String region,
      AwsCredentialsProvider credentials,
      Meters meters,
      long mostBytes) {
    this.vertx = vertx;
    this.addresses = addresses;
    this.secret = new SecretHeader(internalSecret);
    this.region = Region.of(region);
    this.credentials = credentials;
    this.delivered = meters.counter(Metric.PUSHES, "delivered");
    this.gone = meters.counter(Metric.PUSHES, "gone");
    this.failed = meters.counter(Metric.PUSHES, "failed");
    this.mostBytes = mostBytes;
  }

  /**
   * Sends one frame. A connection that is said to be gone is closed: should it live all the same,
   * as API Gateway's users have seen, its client would wait for frames that nobody sends any more.
   * One that is {@link Route#CLOSING} gets no frame: it is closed, and is gone then.
   */
  public Future<Pushed> post(String endpoint, String connection, byte[] frame) {
    if (endpoint.startsWith(Route.CLOSING)) {
      return end(endpoint.substring(Route.CLOSING.length()), connection);
    }
    if (underWay.addAndGet(frame.length) > mostBytes) {
      underWay.addAndGet(-frame.length);
      return Future.succeededFuture(new Pushed.Failed("too much is under way", true));
    }
    return call(
            endpoint,
            connection,
            client ->
                client
                    .postToConnection(post ->
                        post.connectionId(connection).data(SdkBytes.fromByteArrayUnsafe(frame)))
                    .whenComplete((_, e) -> {
                      if (unwrapped(e) instanceof ApiGatewayManagementApiException answer
                          && Outcomes.gone(answer)) {
                        close(client, connection);
                      }
                    }))
        .<Pushed>map(Answered::pushed)
        .onSuccess(this::count)
        .onComplete(_ -> underWay.addAndGet(-frame.length));
  }

  private void count(Pushed pushed) {
    switch (pushed) {
      case Pushed.Delivered _ -> delivered.increment();
      case Pushed.Gone _ -> gone.increment();
      case Pushed.Failed _ -> failed.increment();
    }
  }

  /** Closes a connection that is to get no more frames; it is gone then. */
  public Future<Pushed> end(String endpoint, String connection) {
    return disconnect(endpoint, connection)
        .map(pushed ->
            switch (pushed) {
              case Pushed.Delivered _, Pushed.Gone _ -> new Pushed.Gone();
              case Pushed.Failed failed -> failed;
            });
  }

  private static void close(ApiGatewayManagementApiAsyncClient client, String connection) {
    var _ =
        client
            .deleteConnection(delete -> delete.connectionId(connection))
            .exceptionally(e -> {
              LOG.debug("connection {} is gone: {}", connection, e.toString());
              return null;
            });
  }

  /** Asks whether the connection is there. */
  public Future<Pushed> probe(String endpoint, String connection) {
    return look(endpoint, connection).map(Seen::pushed);
  }

  /**
   * What its holder says of a connection.
   *
   * @param lastActiveAt when a frame last went either way; empty if it did not say
   */
  public record Seen(Pushed pushed, Optional<Instant> lastActiveAt) {}

  /** Asks when the connection was last active. */
  public Future<Seen> look(String endpoint, String connection) {
    return this.<GetConnectionResponse>call(
            endpoint,
            connection,
            client -> client.getConnection(get -> get.connectionId(connection)))
        .map(answered ->
            new Seen(
                answered.pushed(), answered.answer().map(GetConnectionResponse::lastActiveAt)));
  }

  /** Closes the connection. */
  public Future<Pushed> disconnect(String endpoint, String connection) {
    return call(
            endpoint,
            connection,
            client -> client.deleteConnection(delete -> delete.connectionId(connection)))
        .map(Answered::pushed);
  }

  @Override
  public void close() {
    hosts.values().forEach(host -> host.client().close());
    http.close();
  }

  private record Answered<T>(Pushed pushed, Optional<T> answer) {}

  private <T> Future<Answered<T>> call(
      String alias,
      String connection,
      Function<ApiGatewayManagementApiAsyncClient, CompletableFuture<T>> call) {
    var endpoint =
        alias.startsWith(Route.CLOSING) ? alias.substring(Route.CLOSING.length()) : alias;
    var context = vertx.getOrCreateContext();
    return Future.<Void>succeededFuture()
        .compose(_ -> addresses.of(endpoint))
        .compose(address -> {
          if (address.isEmpty()) {
            return Future.succeededFuture(
                new Answered<T>(Outcomes.unknown(endpoint), Optional.empty()));
          }
          return host(address.get(), endpoint.startsWith(Endpoints.NODE))
              .compose(host ->
                  inLane(
                      host.lanes(),
                      connection,
                      context,
                      () -> Future.fromCompletionStage(call.apply(host.client()), context)))
              .map(answer -> new Answered<>(new Pushed.Delivered(), Optional.ofNullable(answer)));
        })
        // whatever it is, an Error too: nobody may wait for ever
        .recover(e -> failed(endpoint, e).map(pushed -> new Answered<>(pushed, Optional.empty())));
  }

  private static <T> Future<T> inLane(
      HostLanes lanes, String connection, Context context, Supplier<Future<T>> call) {
    var lane = lanes.take(connection);
    if (lane != null) {
      return run(lanes, lane, call);
    }
    var done = Promise.<T>promise();
    lanes.await(
        connection,
        later -> context.runOnContext(_ -> run(lanes, later, call).onComplete(done)),
        () -> context.runOnContext(_ -> done.fail("too many calls wait")));
    return done.future();
  }

  private static <T> Future<T> run(
      HostLanes lanes, HostLanes.Passage lane, Supplier<Future<T>> call) {
    // whatever is thrown: a lane that is not given back is lost
    return Future.<Void>succeededFuture().compose(_ -> call.get()).onComplete(_ -> lanes.end(lane));
  }

  private Future<Pushed> failed(String endpoint, Throwable thrown) {
    return switch (unwrapped(thrown)) {
      case StoreUnavailableException e ->
          Future.succeededFuture(
              new Pushed.Failed(endpoint + " cannot be looked up: " + e.getMessage(), true));
      case ApiGatewayManagementApiException e ->
          Future.succeededFuture(Outcomes.answered(endpoint, e));
      case SdkClientException e ->
          addresses
              .silent(endpoint)
              .otherwise(false)
              .map(silent -> silent ? new Pushed.Gone() : Outcomes.unreachable(endpoint, e));
      case null, default ->
          Future.succeededFuture(new Pushed.Failed(endpoint + ": " + thrown, true));
    };
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }

  private Future<Host> host(URI address, boolean node) {
    var known = hosts.get(address);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    if (hosts.size() >= MOST_HOSTS) {
      // calls under way go on: what a client needs for them is ours and stays open
      hosts.clear();
    }
    // making one takes an event loop's time, the first one a good deal of it
    return vertx.executeBlocking(
        () ->
            hosts.computeIfAbsent(
                address, uri -> new Host(connect(uri, node), lanes(patience(node)))),
        false);
  }

  private HostLanes lanes(Duration patience) {
    return new HostLanes(
        new HostLanes.Bounds(
            MOST_AT_A_TIME, MOST_LATE, MOST_WAITING, Lanes.LATE.toMillis(), patience.toMillis()),
        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
        (ms, look) -> vertx.setTimer(ms, _ -> look.run()));
  }

  private static Duration patience(boolean node) {
    return node ? OF_A_NODE : OF_AN_API;
  }

  private ApiGatewayManagementApiAsyncClient connect(URI address, boolean node) {
    return ApiGatewayManagementApiAsyncClient.builder()
        .endpointOverride(address)
        .region(region)
        .credentialsProvider(node ? AnonymousCredentialsProvider.create() : credentials)
        .httpClient(http)
        .asyncConfiguration(config ->
            config.advancedOption(
                SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
        .overrideConfiguration(override -> {
          override.apiCallTimeout(patience(node)).retryStrategy(AwsRetryStrategy.doNotRetry());
          if (node) {
            override.addExecutionInterceptor(secret);
          }
        })
        .build();
  }
}

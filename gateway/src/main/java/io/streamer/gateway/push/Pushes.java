package io.streamer.gateway.push;

import io.micrometer.core.instrument.Counter;
import io.streamer.gateway.signal.Meters;
import io.streamer.shared.job.Route;
import io.streamer.shared.log.About;
import io.streamer.shared.push.Endpoints;
import io.streamer.shared.push.Host;
import io.streamer.shared.push.Lanes;
import io.streamer.shared.push.Outcomes;
import io.streamer.shared.push.PushAnswer;
import io.streamer.shared.push.PushCall;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.Pushed;
import io.streamer.shared.push.UnansweredException;
import io.streamer.shared.signal.Metric;
import io.streamer.shared.table.StoreUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks the {@code @connections} API to whoever holds a connection, as {@link PushClient} does in
 * the worker. No call waits for a thread that a handler could keep: it goes out on event loops, as
 * its {@link PushTransport} has them, and completes on the caller's context. Each is tried once;
 * who calls knows whether a frame is worth another try. No call fails: what goes wrong is an
 * outcome.
 */
public final class Pushes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pushes.class);

  /** Per host: one that hangs takes nothing from the others. */
  private static final int MOST_AT_A_TIME = 64;

  /** Of connections of the same host that hang; they take nothing from the others either. */
  private static final int MOST_LATE = 192;

  /** Per host, of both. */
  static final int MOST_UNDER_WAY = MOST_AT_A_TIME + MOST_LATE;

  /** Per host, before a push is told to come back. */
  static final int MOST_WAITING = 2_000;

  /** Nodes come and go, and so do their addresses. */
  static final int MOST_HOSTS = 256;

  private final Vertx vertx;
  private final Addresses addresses;
  private final PushTransport transport;
  private final Counter delivered;
  private final Counter gone;
  private final Counter failed;
  private final Map<Host, HostLanes> hosts = new ConcurrentHashMap<>();

  /** Bytes of frames on their way out, whoever they are for. */
  private final AtomicLong underWay = new AtomicLong();

  private final long mostBytes;

  /**
   * The way out.
   *
   * @param transport is closed with it
   */
  public Pushes(Vertx vertx, Addresses addresses, PushTransport transport, Meters meters) {
    this(vertx, addresses, transport, meters, Runtime.getRuntime().maxMemory() / 16);
  }

  Pushes(Vertx vertx, Addresses addresses, PushTransport transport, Meters meters, long mostBytes) {
    this.vertx = vertx;
    this.addresses = addresses;
    this.transport = transport;
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
    return call(endpoint, PushCall.post(connection, frame))
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

  /** Asks whether the connection is there. */
  public Future<Pushed> probe(String endpoint, String connection) {
    return call(endpoint, PushCall.get(connection));
  }

  /** Closes the connection. */
  public Future<Pushed> disconnect(String endpoint, String connection) {
    return call(endpoint, PushCall.delete(connection));
  }

  @Override
  public void close() {
    transport.close();
  }

  private Future<Pushed> call(String alias, PushCall call) {
    var endpoint =
        alias.startsWith(Route.CLOSING) ? alias.substring(Route.CLOSING.length()) : alias;
    var context = vertx.getOrCreateContext();
    return Future.<Void>succeededFuture()
        .compose(_ -> addresses.of(endpoint))
        .compose(address -> {
          if (address.isEmpty()) {
            return Future.succeededFuture(Outcomes.unknown(endpoint));
          }
          var host = new Host(address.get(), endpoint.startsWith(Endpoints.NODE));
          return inLane(lanes(host), call.connection(), context, () -> send(host, call, context))
              .map(answer -> Outcomes.of(endpoint, answer));
        })
        // whatever it is, an Error too: nobody may wait for ever
        .recover(e -> failed(endpoint, e));
  }

  private Future<PushAnswer> send(Host host, PushCall call, Context context) {
    return transport
        .send(host, call, context)
        .onSuccess(answer -> {
          if (answer.isGone() && call.kind() == PushCall.Kind.POST) {
            close(host, call.connection(), context);
          }
        });
  }

  private void close(Host host, String connection, Context context) {
    var _ =
        transport
            .send(host, PushCall.delete(connection), context)
            .onFailure(e ->
                About.connectionOf(null, connection)
                    .in(LOG.atDebug())
                    .log("connection {} is gone: {}", connection, e.toString()));
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
    return switch (thrown) {
      case StoreUnavailableException e ->
          Future.succeededFuture(
              new Pushed.Failed(endpoint + " cannot be looked up: " + e.getMessage(), true));
      case UnansweredException e ->
          addresses
              .silent(endpoint)
              .otherwise(false)
              .map(silent -> silent ? new Pushed.Gone() : Outcomes.unreachable(endpoint, e));
      default -> Future.succeededFuture(new Pushed.Failed(endpoint + ": " + thrown, true));
    };
  }

  private HostLanes lanes(Host host) {
    var known = hosts.get(host);
    if (known != null) {
      return known;
    }
    if (hosts.size() >= MOST_HOSTS) {
      // calls under way end in the lanes in which they began
      hosts.clear();
    }
    return hosts.computeIfAbsent(
        host,
        _ ->
            new HostLanes(
                new HostLanes.Bounds(
                    MOST_AT_A_TIME,
                    MOST_LATE,
                    MOST_WAITING,
                    Lanes.LATE.toMillis(),
                    host.patience().toMillis()),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                (ms, look) -> vertx.setTimer(ms, _ -> look.run())));
  }
}

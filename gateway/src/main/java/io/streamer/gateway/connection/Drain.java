package io.streamer.gateway.connection;

import io.streamer.gateway.loop.HandOver;
import io.streamer.shared.protocol.ServerFrame.Goaway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Empties this task before it stops: clients are told to open their next socket, each at another
 * moment, and have the time to; what is in flight is answered; then the sockets that are left close
 * with 1012.
 */
public final class Drain {
  /** Over how long clients come to the other tasks, if the grace time is long enough. */
  private static final Duration SPREAD = Duration.ofSeconds(5);

  /** For a client's next connection, once its moment has come. */
  private static final Duration TO_CONNECT = Duration.ofSeconds(1);

  /** For the close frames to leave. */
  private static final Duration TO_CLOSE = Duration.ofSeconds(2);

  private static final long LOOK_EVERY_MS = 20;

  private final Vertx vertx;
  private final Registry registry;
  private final LongSupplier nanoTime;
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private volatile long spreadMs;
  // before begun
  private volatile long from;
  private volatile boolean begun;

  /**
   * A drain that has not begun.
   *
   * @param nanoTime of what the process lives by, whatever its connections do
   */
  public Drain(Vertx vertx, Registry registry, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.registry = registry;
    this.nanoTime = nanoTime;
  }

  /** Over how long clients should leave where all is over after the grace time. */
  public static Duration spread(Duration grace) {
    var fifth = grace.dividedBy(5);
    return fifth.compareTo(SPREAD) < 0 ? fifth : SPREAD;
  }

  /** Whether it has begun: new sockets should go elsewhere. */
  public boolean begun() {
    return begun;
  }

  /** Seconds since it has begun, 0 before. */
  public double seconds() {
    return begun ? (nanoTime.getAsLong() - from) / 1e9 : 0;
  }

  /** Sockets that were told to go. */
  public int told() {
    return told.size();
  }

  /**
   * Begins.
   *
   * @param idle whether nothing is in flight
   * @param spread over how long clients leave; zero where no other task would take them
   * @return done when every socket was told to close, at the latest when the grace time is over
   */
  public Future<Void> run(BooleanSupplier idle, Duration spread, Duration grace) {
    from = nanoTime.getAsLong();
    spreadMs = spread.toMillis();
    begun = true;
    registry.all().forEach(this::tell);
    long stay = spread.isZero() ? 0 : spread.plus(TO_CONNECT).toNanos();
    return when(
            () -> {
              long passed = nanoTime.getAsLong() - from;
              return (idle.getAsBoolean() && (registry.size() == 0 || passed >= stay))
                  || passed > grace.toNanos();
            })
        .onSuccess(_ -> registry.all().forEach(session -> session.close(CloseCode.RESTART)))
        .compose(_ -> closed());
  }

  /** A socket has opened: its handshake may have been under way when this began. */
  public void opened(SocketSession session) {
    if (begun) {
      tell(session);
    }
  }

  private void tell(SocketSession session) {
    if (told.add(session.id())) {
      long delay = spreadMs == 0 ? 0 : ThreadLocalRandom.current().nextLong(spreadMs);
      HandOver.to(session.context(), () -> session.send(new Goaway("restart", delay)));
    }
  }

  private Future<Void> closed() {
    return empty()
        // who does not read does not get the close frame either
        .onSuccess(_ -> registry.all().forEach(session -> session.line().cut()))
        .compose(_ -> empty());
  }

  private Future<Void> empty() {
    long from = nanoTime.getAsLong();
    return when(() -> registry.size() == 0 || nanoTime.getAsLong() - from > TO_CLOSE.toNanos());
  }

  private Future<Void> when(BooleanSupplier over) {
    var done = Promise.<Void>promise();
    vertx.setPeriodic(
        LOOK_EVERY_MS,
        timer -> {
          if (over.getAsBoolean()) {
            vertx.cancelTimer(timer);
            done.complete();
          }
        });
    return done.future();
  }
}

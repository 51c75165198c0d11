package io.streamer.gateway.connection;

import io.streamer.gateway.loop.HandOver;
import io.streamer.gateway.store.VertxDynamo;
import io.streamer.shared.directory.ConnectionCalls;
import io.streamer.shared.directory.ConnectionRow;
import io.streamer.shared.log.Seldom;
import io.streamer.shared.table.StoreRequest.Writes;
import io.streamer.shared.table.StoreUnavailableException;
import io.streamer.shared.time.Clocks;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of this task's connections, and takes away those of connections that have ended:
 * behind their backs and many at once, as all clients may come or go in the same seconds. What
 * could not be written is written again. Its context owns all state.
 */
public final class ConnectionRows {
  /** A connection that lived for less has no row: it costs three write units to make one. */
  static final Duration YOUTH = Duration.ofSeconds(1);

  /** Within it those come together that are written at once. */
  private static final long GATHER_MS = 100;

  private static final int MOST_BATCHES = 8;
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 10_000;

  /** A write that nobody answered has happened by then, or does not happen. */
  static final Duration UNCERTAIN = Duration.ofMinutes(1);

  /** Rows beyond that stay until their TTL. */
  private static final int MOST_TO_TAKE_AWAY = 100_000;

  private final Context context;
  private final VertxDynamo dynamo;
  private final ConnectionCalls calls;
  private final Duration ttl;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Seldom seldom;
  private final Map<String, Young> toWrite = new LinkedHashMap<>();
  private final Map<String, Gone> toTakeAway = new LinkedHashMap<>();

  /** An id is in one batch at a time: of two at once, the order is anybody's guess. */
  private final Set<String> underWay = new HashSet<>();

  /** What was taken away, and may have been written behind that. */
  private final Queue<Again> toTakeAwayAgain = new ArrayDeque<>();

  private Promise<Void> idle = Promise.promise();
  private int batches;
  private int failures;
  private boolean gathering;
  private boolean paused;
  private boolean stopped;
  private volatile int waiting;

  /**
   * A connection that has no row yet.
   *
   * @param since by the machine's time
   */
  private record Young(SocketSession session, long since) {}

  /**
   * A connection that has ended.
   *
   * @param said is completed when its row is gone, or cannot be taken away now
   */
  private record Gone(RowState row, Promise<Void> said) {}

  /**
   * A row that may have come back.
   *
   * @param since by the machine's time
   */
  private record Again(String id, long since) {}

  private record Batch(List<SocketSession> put, Map<String, Gone> away) {
    boolean isEmpty() {
      return put.isEmpty() && away.isEmpty();
    }
  }

  /**
   * No rows yet.
   *
   * @param ttl of a row, from its client's last sign of life
   */
  public ConnectionRows(
      Context context, VertxDynamo dynamo, ConnectionCalls calls, Duration ttl, Clocks clocks) {
    this.context = context;
    this.dynamo = dynamo;
    this.calls = calls;
    this.ttl = ttl;
    this.clock = clocks.clock();
    this.nanoTime = clocks.nanoTime();
    this.seldom = new Seldom(LoggerFactory.getLogger(ConnectionRows.class), clock);
  }

  /** How many rows are to be written or taken away. On any thread. */
  int waiting() {
    return waiting;
  }

  Duration ttl() {
    return ttl;
  }

  /** The row that a connection of this task has, or is about to have. On any thread. */
  ConnectionRow of(SocketSession session) {
    long seen = session.lastSeenAt();
    return new ConnectionRow(
        session.id(),
        session.caller().tenant(),
        session.caller().user(),
        session.caller().permissions(),
        session.route().endpoint(),
        session.sourceAddress(),
        session.userAgent(),
        session.connectedAt(),
        seen,
        session.tokenExpiresAt(),
        expiry(Math.max(seen, session.heardAt())));
  }

  /**
   * When a row may go, in epoch seconds.
   *
   * @param heardAt its client's last sign of life, epoch milliseconds
   */
  private long expiry(long heardAt) {
    return heardAt / 1_000 + ttl.toSeconds();
  }

  /** Notes in a row when its connection was last seen; whether it was there. */
  Future<Boolean> touch(SocketSession session) {
    long seen = session.lastSeenAt();
    return dynamo.execute(
        calls.touch(session.id(), seen, expiry(Math.max(seen, session.heardAt()))));
  }

  /** Writes the row of a connection once it has lived for a moment. On any thread. */
  void write(SocketSession session) {
    write(session, nanoTime.getAsLong());
  }

  /** Writes a row that turned out to be missing. On any thread. */
  void writeAgain(SocketSession session) {
    session.row().lost();
    write(session, nanoTime.getAsLong() - YOUTH.toNanos());
  }

  private void write(SocketSession session, long since) {
    HandOver.to(
        context,
        () -> {
          if (!stopped) {
            toWrite.putIfAbsent(session.id(), new Young(session, since));
            gather();
          }
        });
  }

  /**
   * Takes the row of a connection of this task away, if there may be one. On any thread.
   *
   * @return done when it is gone or cannot be taken away now; never fails
   */
  Future<Void> takeAway(SocketSession session) {
    return onContext(said -> {
      toWrite.remove(session.id());
      settle();
      if (session.row().mayExist()) {
        takeAway(session.id(), session.row(), said);
      } else {
        said.complete();
      }
    });
  }

  /** The same of a connection of which nothing else is known. */
  Future<Void> takeAway(String connectionId) {
    return onContext(said -> takeAway(connectionId, new RowState(), said));
  }

  private void takeAway(String id, RowState row, Promise<Void> said) {
    if (stopped) {
      said.complete();
      return;
    }
    if (toTakeAway.size() >= MOST_TO_TAKE_AWAY) {
      seldom.warn("rows of connections that have ended stay until their TTL", "too many wait");
      said.complete();
      return;
    }
    toTakeAway
        .computeIfAbsent(id, _ -> new Gone(row, Promise.promise()))
        .said()
        .future()
        .onComplete(_ -> said.tryComplete());
    if (failures > 0) {
      said.tryComplete();
    }
    gather();
  }

  /**
   * Takes away what is to be taken away, without waiting for more; nothing is written any more. On
   * any thread.
   *
   * @return done when nothing waits
   */
  Future<Void> finish() {
    return onContext(done -> {
      toWrite.clear();
      idle.future().onComplete(done);
      pump();
    });
  }

  /** Does nothing any more, whatever waits. On any thread. */
  public void stop() {
    HandOver.to(
        context,
        () -> {
          stopped = true;
          toWrite.clear();
          toTakeAway.values().forEach(gone -> gone.said().tryComplete());
          toTakeAway.clear();
          settle();
        });
  }

  private Future<Void> onContext(Consumer<Promise<Void>> work) {
    var caller = context.owner().getOrCreateContext();
    var done = Promise.<Void>promise();
    var taken =
        HandOver.to(
            context,
            () -> {
              var here = Promise.<Void>promise();
              here.future().onComplete(outcome -> HandOver.to(caller, () -> done.handle(outcome)));
              work.accept(here);
              settle();
            });
    if (!taken) {
      done.complete();
    }
    return done.future();
  }

  private void settle() {
    waiting = toWrite.size() + toTakeAway.size();
    if (waiting == 0 && batches == 0) {
      idle.complete();
      idle = Promise.promise();
    }
  }

  private void gather() {
    settle();
    if (!gathering && !paused && !stopped && (waiting > 0 || !toTakeAwayAgain.isEmpty())) {
      gathering = true;
      context
          .owner()
          .setTimer(
              GATHER_MS,
              _ -> {
                gathering = false;
                pump();
              });
    }
  }

  private void pump() {
    while (isOver(toTakeAwayAgain.peek())) {
      takeAway(toTakeAwayAgain.remove().id(), new RowState(), Promise.promise());
    }
    // after trouble one tries whether it is over
    while (!paused && batches < (failures == 0 ? MOST_BATCHES : 1)) {
      var batch = next();
      if (batch.isEmpty()) {
        break;
      }
      send(batch);
    }
    gather();
  }

  private boolean isOver(@Nullable Again again) {
    return again != null && nanoTime.getAsLong() - again.since() >= UNCERTAIN.toNanos();
  }

  private Batch next() {
    var put = new ArrayList<SocketSession>();
    var young = toWrite.values().iterator();
    while (young.hasNext() && put.size() < Writes.MOST) {
      var one = young.next();
      if (!one.session().isClosing()) {
        if (nanoTime.getAsLong() - one.since() < YOUTH.toNanos()) {
          break;
        }
        put.add(one.session());
      }
      young.remove();
    }
    var away = new LinkedHashMap<String, Gone>();
    var gone = toTakeAway.entrySet().iterator();
    while (gone.hasNext() && put.size() + away.size() < Writes.MOST) {
      var one = gone.next();
      if (!underWay.contains(one.getKey())) {
        away.put(one.getKey(), one.getValue());
        gone.remove();
      }
    }
    return new Batch(put, away);
  }

  private void send(Batch batch) {
    batches++;
    for (var session : batch.put()) {
      session.row().asking();
      underWay.add(session.id());
    }
    underWay.addAll(batch.away().keySet());
    var rows = batch.put().stream().map(this::of).toList();
    dynamo
        .execute(calls.write(rows, List.copyOf(batch.away().keySet())))
        .onComplete(outcome -> HandOver.to(context, () -> ended(batch, outcome)));
  }

  private void ended(Batch batch, AsyncResult<Set<String>> outcome) {
    batches--;
    batch.put().forEach(session -> underWay.remove(session.id()));
    underWay.removeAll(batch.away().keySet());
    if (stopped) {
      batch.away().values().forEach(gone -> gone.said().tryComplete());
    } else if (outcome.succeeded()) {
      answered(batch, outcome.result());
    } else {
      unanswered(batch, outcome.cause());
    }
    pump();
  }

  private void answered(Batch batch, Set<String> left) {
    for (var session : batch.put()) {
      if (left.contains(session.id())) {
        again(session);
      } else {
        session.row().written(clock.millis());
      }
    }
    batch
        .away()
        .forEach((id, gone) -> {
          if (left.contains(id)) {
            toTakeAway.putIfAbsent(id, gone);
          } else {
            gone.said().tryComplete();
            if (gone.row().isUncertain()) {
              toTakeAwayAgain.add(new Again(id, nanoTime.getAsLong()));
            }
          }
        });
    if (left.isEmpty()) {
      failures = 0;
    } else {
      pause();
    }
  }

  private void unanswered(Batch batch, Throwable why) {
    seldom.warn("rows of connections wait until the table takes them", why.toString());
    for (var session : batch.put()) {
      session.row().unanswered();
      again(session);
    }
    batch
        .away()
        .forEach((id, gone) -> {
          gone.said().tryComplete();
          // an id that the table never takes must not come again
          if (why instanceof StoreUnavailableException) {
            toTakeAway.putIfAbsent(id, gone);
          }
        });
    pause();
  }

  /** A row is written from what is known then; one of a connection that has ended is not. */
  private void again(SocketSession session) {
    if (!session.isClosing()) {
      toWrite.put(session.id(), new Young(session, nanoTime.getAsLong() - YOUTH.toNanos()));
    }
  }

  private void pause() {
    long longest = Math.min(FIRST_PAUSE_MS << Math.min(failures, 6), LONGEST_PAUSE_MS);
    failures++;
    if (!paused) {
      paused = true;
      long pauseMs = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2);
      context
          .owner()
          .setTimer(
              pauseMs,
              _ -> {
                paused = false;
                pump();
              });
    }
  }
}

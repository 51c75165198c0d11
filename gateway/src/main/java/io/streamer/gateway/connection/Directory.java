package io.streamer.gateway.connection;

import io.netty.channel.Channel;
import io.streamer.gateway.store.Limiter;
import io.streamer.shared.time.Clocks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens and ends connections: in this task's {@link Registry} at once, and behind that as rows for
 * all tasks to see. Rows are for finding connections, not for serving them: nobody waits for one.
 */
public final class Directory {
  private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

  /** For a connection that is used. */
  private static final long TOUCH_EVERY_MS = 60_000;

  /** For one that only answers pings: its row must not expire. */
  private static final long KEEP_EVERY_MS = 3_600_000;

  /** Rows that wait: above this the table has better to do than to hear who was seen when. */
  private static final int BUSY = 1_000;

  private final Vertx vertx;
  private final Registry registry;
  private final ConnectionRows rows;
  private final ConnectionCleanup farewell;
  private final Limiter touches;
  private final int mostBehind;
  private final long ttlMs;
  private final DoorTerms terms;
  private final Clocks clocks;
  private final Set<String> toBeTouched = ConcurrentHashMap.newKeySet();

  /**
   * What is written of connections, each way for itself.
   *
   * @param touches has little room for those that wait: whoever is not touched is so a heartbeat
   *     later
   * @param mostBehind of rows and farewells that may wait before connections should come later
   */
  public record Writes(
      ConnectionRows rows, ConnectionCleanup farewell, Limiter touches, int mostBehind) {}

  /** A directory of no connections. */
  public Directory(Vertx vertx, Registry registry, Writes writes, DoorTerms terms, Clocks clocks) {
    this.vertx = vertx;
    this.registry = registry;
    this.rows = writes.rows();
    this.farewell = writes.farewell();
    this.touches = writes.touches();
    this.mostBehind = writes.mostBehind();
    this.ttlMs = rows.ttl().toMillis();
    this.terms = terms;
    this.clocks = clocks;
  }

  /** Whether so much is to be written that connections should come later. On any thread. */
  public boolean isBehind() {
    return rows.waiting() + farewell.waiting() >= mostBehind;
  }

  /** A socket is open. */
  public SocketSession opened(SocketSession.Opening opening, Channel channel) {
    var session =
        new SocketSession(
            opening,
            terms,
            channel,
            vertx.getOrCreateContext(),
            registry.budget(),
            registry.signals(),
            clocks);
    registry.add(session);
    try {
      rows.write(session);
    } catch (Throwable e) {
      // nobody will say that it has ended
      registry.remove(session.id());
      throw e;
    }
    if (LOG.isDebugEnabled()) {
      session
          .about()
          .in(LOG.atDebug())
          .log(
              "connection {} of {} is {}",
              session.id(),
              opening.caller().tenant(),
              Liveness.CONNECTED);
    }
    return session;
  }

  /** A socket has ended. */
  public Future<Void> closed(SocketSession session) {
    registry.remove(session.id());
    if (LOG.isDebugEnabled()) {
      session.about().in(LOG.atDebug()).log("connection {} is {}", session.id(), Liveness.CLOSED);
    }
    return farewell.say(session);
  }

  /** Sees to it that the row tells when the connection was last seen, and outlives it. */
  void touch(SocketSession session) {
    long written = session.row().writtenAt();
    if (written == 0
        || clocks.clock().millis() - written < pause(session, written)
        || rows.waiting() >= BUSY) {
      return;
    }
    // while the table is slow it waits its turn once
    if (toBeTouched.add(session.id())) {
      touches
          .enter(() -> write(session))
          .onComplete(_ -> toBeTouched.remove(session.id()))
          .onFailure(e ->
              session
                  .about()
                  .in(LOG.atDebug())
                  .log("connection {} not touched: {}", session.id(), e.toString()));
    }
  }

  private long pause(SocketSession session, long written) {
    boolean used = session.lastSeenAt() > written;
    if (!used && session.heardAt() <= written) {
      return Long.MAX_VALUE;
    }
    // two more can fail before it expires
    return Math.min(used ? TOUCH_EVERY_MS : KEEP_EVERY_MS, ttlMs / 3);
  }

  private Future<Void> write(SocketSession session) {
    if (session.isClosing()) {
      return Future.succeededFuture();
    }
    session.row().written(clocks.clock().millis());
    return rows.touch(session)
        .onSuccess(there -> {
          if (!there && !session.isClosing()) {
            rows.writeAgain(session);
          }
        })
        .mapEmpty();
  }
}

package io.streamer.gateway.connection;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every connection for a sign of life and closes those without one, and those whose token has
 * run out.
 */
public final class Heartbeats extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  /** All of a task's sockets at once would be a burst of frames, and of writes to the table. */
  static final int PARTS = 25;

  private final Registry registry;
  private final Directory directory;
  private final Duration every;
  private int part;

  public Heartbeats(Registry registry, Directory directory, Duration every) {
    this.registry = registry;
    this.directory = directory;
    this.every = every;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(
        Math.max(1, every.toMillis() / PARTS),
        _ -> {
          beat(part);
          part = (part + 1) % PARTS;
        });
    // a token ends to the second, not to the heartbeat, and whoever is lost loses its place soon
    vertx.setPeriodic(1_000, _ -> closeEnded());
    return Future.succeededFuture();
  }

  /** The heartbeat of one part of the connections. */
  void beat(int part) {
    for (var session : registry.all()) {
      if (session.isClosing() || Math.floorMod(session.id().hashCode(), PARTS) != part) {
        continue;
      }
      directory.touch(session);
      var state = session.state();
      if (session.turned(state)) {
        session.about().in(LOG.atDebug()).log("connection {} is {}", session.id(), state);
      }
      session.beat();
    }
  }

  void closeEnded() {
    for (var session : registry.all()) {
      if (!session.isClosing() && !session.expire()) {
        session.look();
      }
    }
  }
}

package io.streamer.gateway.connection;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
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
  private final InstantSource clock;
  private int part;

  public Heartbeats(Registry registry, Directory directory, Duration every, InstantSource clock) {
    this.registry = registry;
    this.directory = directory;
    this.every = every;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(
        Math.max(1, every.toMillis() / PARTS),
        _ -> {
          beat(part);
          part = (part + 1) % PARTS;
        });
    // a token ends to the second, not to the heartbeat
    vertx.setPeriodic(1_000, _ -> closeExpired());
    return Future.succeededFuture();
  }

  /** The heartbeat of one part of the connections. */
  void beat(int part) {
    long silentSince = clock.millis() - 2 * every.toMillis();
    for (var session : registry.all()) {
      if (Math.floorMod(session.id().hashCode(), PARTS) != part) {
        continue;
      }
      directory.touch(session);
      var state = session.state();
      if (session.turned(state)) {
        LOG.debug("connection {} is {}", session.id(), state);
      }
      if (session.heardAt() < silentSince) {
        session.close(CloseCode.SILENT);
      } else {
        session.ping();
      }
    }
  }

  void closeExpired() {
    long now = clock.millis();
    for (var session : registry.all()) {
      if (session.tokenExpiresAt() < now) {
        session.close(CloseCode.TOKEN_EXPIRED);
      }
    }
  }
}

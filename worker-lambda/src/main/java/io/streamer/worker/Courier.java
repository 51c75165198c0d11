package io.streamer.worker;

import io.streamer.shared.job.Route;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import io.streamer.shared.push.PushClient;
import io.streamer.shared.push.Pushed;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one job's frames to the connection that watches it, newest progress only. */
final class Courier {
  private static final Logger log = LoggerFactory.getLogger(Courier.class);
  private static final long FIRST_PAUSE_MS = 200;
  private static final long LONGEST_PAUSE_MS = 5000;
  private static final int TERMINAL_TRIES = 5;

  private final String jobId;
  private final PushClient push;
  private final Time time;

  private Optional<Route> route;
  private boolean gone;
  private @Nullable ServerFrame newest;
  private boolean waiting;
  private long pauseMs = FIRST_PAUSE_MS;
  private long quietUntil = Long.MIN_VALUE;

  Courier(String jobId, Optional<Route> route, PushClient push, Time time) {
    this.jobId = jobId;
    this.route = route;
    this.push = push;
    this.time = time;
  }

  /** Goes where the row says. Another connection than before gets the newest progress again. */
  void follow(Optional<Route> shown) {
    if (!sameTarget(shown, route)) {
      gone = false;
      waiting = newest != null;
      pauseMs = FIRST_PAUSE_MS;
      quietUntil = Long.MIN_VALUE;
    }
    route = shown;
  }

  /** Whether a progress frame would be sent now: not while the last one is backing off. */
  boolean ready(long now) {
    return now >= quietUntil;
  }

  /** Takes the newest progress, which replaces one still waiting. */
  void take(ServerFrame.Progress frame) {
    newest = frame;
    waiting = true;
  }

  /** Sends what waits, if anybody is there. A failure never stops the job: it waits a little. */
  void carry(long now) {
    if (!waiting || newest == null || gone || route.isEmpty() || !ready(now)) {
      return;
    }
    switch (post(route.get(), newest)) {
      case Pushed.Delivered _ -> {
        waiting = false;
        pauseMs = FIRST_PAUSE_MS;
      }
      case Pushed.Gone _ -> {
        gone = true;
        waiting = false;
      }
      case Pushed.Failed(var why, var retryable) -> {
        log.debug("job {}: progress not pushed: {}", jobId, why);
        waiting = retryable;
        quietUntil = time.millis() + jittered(pauseMs);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
  }

  /** When {@link #carry} has something to do again; Long.MAX_VALUE if nothing waits. */
  long nextAt() {
    return waiting && !gone && route.isPresent() ? quietUntil : Long.MAX_VALUE;
  }

  /**
   * Sends what waits and behind it a job's last frame, trying for a few seconds.
   *
   * @return whether everybody who should have it has it, or has left
   */
  boolean last(ServerFrame frame) throws InterruptedException {
    if (route.isEmpty()) {
      return true;
    }
    var pause = FIRST_PAUSE_MS;
    for (int left = TERMINAL_TRIES; ; left--, pause *= 2) {
      quietUntil = Long.MIN_VALUE;
      carry(time.millis());
      if (gone || !waiting) {
        switch (post(route.get(), frame)) {
          case Pushed.Delivered _, Pushed.Gone _ -> {
            return true;
          }
          case Pushed.Failed(var why, var retryable) -> {
            log.debug("job {}: its end not pushed: {}", jobId, why);
            left = retryable ? left : 1;
          }
        }
      }
      if (left == 1) {
        log.warn("job {}: its end is stored and could not be pushed", jobId);
        return false;
      }
      pause(jittered(pause));
    }
  }

  private Pushed post(Route to, ServerFrame frame) {
    return push.post(to.endpoint(), to.connection(), WireCodec.write(frame, time.millis()));
  }

  /** A bell of its own: the handler has ended, nobody else has anything to say. */
  private void pause(long ms) throws InterruptedException {
    var until = time.millis() + ms;
    var bell = new Bell();
    while (time.millis() < until) {
      time.await(bell, until);
    }
  }

  private static long jittered(long ms) {
    return ms + ThreadLocalRandom.current().nextLong(ms / 2 + 1);
  }

  private static boolean sameTarget(Optional<Route> a, Optional<Route> b) {
    return a.map(Route::connection).equals(b.map(Route::connection))
        && a.map(Route::endpoint).equals(b.map(Route::endpoint));
  }
}

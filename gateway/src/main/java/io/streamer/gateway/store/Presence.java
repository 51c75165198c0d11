package io.streamer.gateway.store;

import io.streamer.shared.log.Seldom;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/**
 * Whether the tables are there, judged by several calls in a row and not by one: they are away
 * after so many that nobody answered, and back after some that were answered. A refusal is an
 * answer, also one that throttles. Calls are made by heartbeats and by the search for due jobs,
 * whatever clients do, so that nobody has to try. Safe for all threads.
 */
public final class Presence implements StoreListener {
  static final int AWAY_AFTER = 10;
  static final int BACK_AFTER = 3;

  private final Seldom seldom;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean away;

  public Presence(InstantSource clock) {
    this.seldom = new Seldom(LoggerFactory.getLogger(Presence.class), clock);
  }

  /** Whether they are away. */
  public boolean isAway() {
    return away;
  }

  @Override
  public void over(Ending ending, long nanos) {
    switch (ending) {
      case ANSWERED, REFUSED -> answered();
      case UNANSWERED -> unanswered();
    }
  }

  private void answered() {
    if (unanswered.get() != 0) {
      unanswered.set(0);
    }
    if (away && answered.incrementAndGet() >= BACK_AFTER) {
      away = false;
      seldom.info("the tables are back", "new sockets are taken");
    }
  }

  private void unanswered() {
    answered.set(0);
    if (unanswered.incrementAndGet() >= AWAY_AFTER && !away) {
      away = true;
      seldom.warn("the tables are away", "no new sockets are taken, those there are served on");
    }
  }
}

package io.streamer.worker.run;

import io.streamer.worker.time.Wakeup;
import org.jspecify.annotations.Nullable;

/**
 * What the handler's thread leaves for the runner's: its newest progress, its events and
 * checkpoints, and its end. Reports between two looks of the runner become one.
 */
final class Handoff {
  private final Wakeup bell;
  private final Emissions emissions;
  private double highest;
  private String message = "";
  private boolean fresh;
  private boolean listening = true;
  private boolean closed;
  private @Nullable End end;

  /** A report that the runner has not seen. */
  record Progress(double percentage, String message) {}

  /** What was there at one look. */
  record Look(@Nullable Progress progress, @Nullable End end) {}

  Handoff(Wakeup bell) {
    this.bell = bell;
    this.emissions = new Emissions(bell);
  }

  Emissions emissions() {
    return emissions;
  }

  /** Leaves a report; ignored once closed. */
  void progress(double percentage, String text) {
    boolean ring;
    synchronized (this) {
      if (closed) {
        return;
      }
      highest = Math.max(highest, percentage);
      message = text;
      ring = listening && !fresh;
      fresh = true;
    }
    if (ring) {
      bell.ring();
    }
  }

  /** The handler has ended. Allocates nothing: it may have ended for want of memory. */
  void end(End how) {
    // before the end is seen: what another thread of the handler emits then is refused, not lost
    emissions.close();
    synchronized (this) {
      end = how;
      closed = true;
    }
    bell.ring();
  }

  /** From here on reports are ignored, and whoever emits hears that the run is over. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    emissions.close();
  }

  synchronized boolean ended() {
    return end != null;
  }

  /** Takes what is there. */
  synchronized Look take() {
    var progress = fresh ? new Progress(highest, message) : null;
    fresh = false;
    return new Look(progress, end);
  }

  /**
   * Says whether the runner wants to be woken by the next report, or looks again anyway as soon as
   * one could be sent.
   */
  synchronized void listen(boolean wanted) {
    listening = wanted;
    if (wanted && fresh) {
      bell.ring();
    }
  }
}

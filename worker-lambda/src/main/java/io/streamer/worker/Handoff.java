package io.streamer.worker;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the handler's thread leaves for the runner's: its newest progress, its annotations and its
 * end. Reports between two looks of the runner become one.
 */
final class Handoff {
  private static final int MOST_ANNOTATIONS = 16;

  private final Bell bell;
  private Map<String, String> annotations = Map.of();
  private double highest;
  private String message = "";
  private boolean fresh;
  private boolean listening = true;
  private boolean closed;
  private @Nullable End end;

  /** A report that the runner has not seen. */
  record Progress(double percentage, String message) {}

  /** What was there at one look. */
  record Look(@Nullable Progress progress, Map<String, String> annotations, @Nullable End end) {}

  Handoff(Bell bell) {
    this.bell = bell;
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

  /**
   * @throws IllegalArgumentException at the 17th key
   */
  synchronized void annotate(String key, String value) {
    if (annotations.size() >= MOST_ANNOTATIONS && !annotations.containsKey(key)) {
      throw new IllegalArgumentException("a run has at most 16 annotations");
    }
    var more = new TreeMap<>(annotations);
    more.put(key, value);
    annotations = Map.copyOf(more);
  }

  /** The handler has ended. Allocates nothing: it may have ended for want of memory. */
  void end(End how) {
    synchronized (this) {
      end = how;
      closed = true;
    }
    bell.ring();
  }

  /** Reports are ignored from here on. */
  synchronized void close() {
    closed = true;
  }

  synchronized boolean ended() {
    return end != null;
  }

  /** Takes what is there. */
  synchronized Look take() {
    var progress = fresh ? new Progress(highest, message) : null;
    fresh = false;
    return new Look(progress, annotations, end);
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

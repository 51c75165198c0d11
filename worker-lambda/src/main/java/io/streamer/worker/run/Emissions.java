package io.streamer.worker.run;

import io.streamer.handler.RawJson;
import io.streamer.shared.action.Stopped;
import io.streamer.worker.time.Wakeup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events that a handler emitted and the checkpoints it reached, in order, until the runner has
 * stored them. A handler that is faster than the store waits.
 */
final class Emissions {
  /** What one item of the store takes: 400 KB with all names and numbers. */
  static final long CHUNK_BYTES = 250_000;

  private static final int MOST = 1_000;
  private static final long MOST_BYTES = 1 << 20;

  /** An event's number and names beside its own bytes. */
  private static final long EVENT_BYTES = 64;

  private final Wakeup bell;
  private final Deque<Emission> waiting = new ArrayDeque<>();
  private long bytes;
  private int checkpoints;
  private boolean closed;

  /** What is next. */
  enum Next {
    NOTHING,
    /** Events that may wait for more to come. */
    EVENTS,
    /** Events, and no reason to wait: there is a chunk of them, or a checkpoint behind them. */
    EVENTS_NOW,
    CHECKPOINT
  }

  sealed interface Emission {
    long bytes();
  }

  /** An event without its number. */
  record Emitted(String name, RawJson data) implements Emission {
    @Override
    public long bytes() {
      return EVENT_BYTES + 4L * name.length() + data.utf8().length;
    }
  }

  /** A checkpoint whose handler waits to hear whether to go on. */
  final class Reached implements Emission {
    private final RawJson value;
    private @Nullable Boolean goesOn;

    private Reached(RawJson value) {
      this.value = value;
    }

    RawJson value() {
      return value;
    }

    @Override
    public long bytes() {
      return value.utf8().length;
    }

    /**
     * It is stored.
     *
     * @param goOn whether the handler goes on, or leaves the rest to another invocation
     */
    void stored(boolean goOn) {
      synchronized (Emissions.this) {
        goesOn = goOn;
        Emissions.this.notifyAll();
      }
    }
  }

  Emissions(Wakeup bell) {
    this.bell = bell;
  }

  /**
   * Leaves an event; waits while too many are there.
   *
   * @throws Stopped if the run is over
   */
  void emit(String name, RawJson data) {
    add(new Emitted(name, data));
  }

  /**
   * Leaves a checkpoint and waits until it is stored.
   *
   * @return false if there is no time to go on
   * @throws Stopped if the run is over
   */
  boolean reach(RawJson value) {
    var reached = new Reached(value);
    add(reached);
    synchronized (this) {
      try {
        while (reached.goesOn == null && !closed) {
          wait();
        }
      } catch (InterruptedException _) {
        throw Stopped.interrupted();
      }
      if (reached.goesOn == null) {
        throw new Stopped();
      }
      return reached.goesOn;
    }
  }

  private void add(Emission emission) {
    boolean ring;
    synchronized (this) {
      try {
        while (!closed && full(emission)) {
          wait();
        }
      } catch (InterruptedException _) {
        throw Stopped.interrupted();
      }
      if (closed) {
        throw new Stopped();
      }
      var before = next();
      waiting.add(emission);
      bytes += emission.bytes();
      checkpoints += emission instanceof Reached ? 1 : 0;
      ring = next() != before;
    }
    if (ring) {
      bell.ring();
    }
  }

  private boolean full(Emission more) {
    return waiting.size() >= MOST || (!waiting.isEmpty() && bytes + more.bytes() > MOST_BYTES);
  }

  /** The run is over: what is left may still be stored, and nothing more is taken. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized Next next() {
    // nobody waits for these any more
    while (closed && waiting.peek() instanceof Reached) {
      take();
    }
    return switch (waiting.peek()) {
      case null -> Next.NOTHING;
      case Reached _ -> Next.CHECKPOINT;
      case Emitted _ ->
          closed || checkpoints > 0 || bytes >= CHUNK_BYTES || waiting.size() >= MOST
              ? Next.EVENTS_NOW
              : Next.EVENTS;
    };
  }

  /** Takes as many events as one item of the store takes, up to the next checkpoint. */
  synchronized List<Emitted> events() {
    var events = new ArrayList<Emitted>();
    long size = 0;
    while (waiting.peek() instanceof Emitted event
        && (events.isEmpty() || size + event.bytes() <= CHUNK_BYTES)) {
      size += event.bytes();
      events.add(event);
      take();
    }
    notifyAll();
    return events;
  }

  /** Takes the checkpoint, if it is next. */
  synchronized Optional<Reached> checkpoint() {
    if (waiting.peek() instanceof Reached reached) {
      take();
      notifyAll();
      return Optional.of(reached);
    }
    return Optional.empty();
  }

  private void take() {
    var taken = waiting.remove();
    bytes -= taken.bytes();
    checkpoints -= taken instanceof Reached ? 1 : 0;
  }
}

package io.streamer.client.internal;

import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for their reader: so many at most, the oldest go first. What is void is told in
 * its place between them.
 *
 * @param <E> an event, which has a number
 */
public final class EventQueue<E> {
  /** Is told one thing at a time. */
  public interface Reader<E> {
    void event(E event);

    /** So many were not read in time. It is told nothing more. */
    void lost(long count);

    /** There are no more. */
    void end();
  }

  private sealed interface Entry<E> {
    record Event<E>(E event) implements Entry<E> {}

    record Rewind<E>(long afterSeq) implements Entry<E> {}
  }

  private final int most;
  private final ToLongFunction<E> seq;
  private final LongConsumer onVoid;
  private final Teller teller;

  private final ArrayDeque<Entry<E>> entries = new ArrayDeque<>();
  private int events;
  private long dropped;
  private long demand;
  private boolean over;
  private boolean silent;
  private boolean draining;
  private @Nullable Reader<E> reader;

  /**
   * @param most events are kept
   * @param seq an event's number
   * @param onVoid hears after which number all is void
   */
  public EventQueue(int most, ToLongFunction<E> seq, LongConsumer onVoid, Teller teller) {
    this.most = most;
    this.seq = seq;
    this.onVoid = onVoid;
    this.teller = teller;
  }

  public synchronized void push(E event) {
    if (!over) {
      entries.add(new Entry.Event<>(event));
      if (++events > most) {
        entries.removeIf(this::isOldest);
      }
      drainSoon();
    }
  }

  private boolean isOldest(Entry<E> entry) {
    if (events > most && entry instanceof Entry.Event<E>) {
      events--;
      dropped++;
      return true;
    }
    return false;
  }

  /** Forgets what a run that starts again will give once more. */
  public synchronized void rewind(long afterSeq) {
    if (!over) {
      entries.removeIf(entry ->
          entry instanceof Entry.Event<E> gone
              ? seq.applyAsLong(gone.event()) > afterSeq
              : ((Entry.Rewind<E>) entry).afterSeq() >= afterSeq);
      events = (int) entries.stream().filter(Entry.Event.class::isInstance).count();
      entries.add(new Entry.Rewind<>(afterSeq));
      drainSoon();
    }
  }

  /** No more will come; what is there is still read. */
  public synchronized void end() {
    over = true;
    drainSoon();
  }

  /** Nothing of it is wanted any more. */
  public synchronized void silence() {
    silent = true;
    entries.clear();
    events = 0;
    dropped = 0;
    end();
  }

  /** Gives the events to a reader, unless there is one already. */
  public synchronized boolean read(Reader<E> newReader) {
    if (reader != null) {
      return false;
    }
    reader = newReader;
    demand = 0;
    drainSoon();
    return true;
  }

  /** The reader takes so many more. */
  public synchronized void more(Reader<E> of, long count) {
    if (of.equals(reader)) {
      demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
      drainSoon();
    }
  }

  public synchronized void leave(Reader<E> of) {
    if (of.equals(reader)) {
      reader = null;
    }
  }

  private void drainSoon() {
    if (!draining) {
      draining = true;
      teller.tell(this::drain);
    }
  }

  private void drain() {
    for (var next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    var to = reader;
    if (entries.peek() instanceof Entry.Rewind<E> gone) {
      entries.remove();
      return silent ? () -> {} : () -> onVoid.accept(gone.afterSeq());
    }
    if (to != null && dropped > 0) {
      long count = dropped;
      dropped = 0;
      reader = null;
      return () -> to.lost(count);
    }
    if (to != null && demand > 0 && entries.peek() instanceof Entry.Event<E> event) {
      entries.remove();
      events--;
      demand -= demand == Long.MAX_VALUE ? 0 : 1;
      return () -> to.event(event.event());
    }
    if (to != null && over && entries.isEmpty()) {
      reader = null;
      return to::end;
    }
    draining = false;
    return null;
  }
}

package io.streamer.client;

import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for their reader: so many at most, the oldest go first. What is void is told in
 * its place between them.
 */
final class EventQueue {
  /** Is told one thing at a time. */
  interface Reader {
    void event(JobEvent event);

    /** So many were not read in time. It is told nothing more. */
    void lost(long count);

    /** There are no more. */
    void end();
  }

  private sealed interface Entry {
    record Event(JobEvent event) implements Entry {}

    record Rewind(long afterSeq) implements Entry {}
  }

  private final int most;
  private final LongConsumer onVoid;
  private final Teller teller;

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private int events;
  private long dropped;
  private long demand;
  private boolean over;
  private boolean silent;
  private boolean draining;
  private @Nullable Reader reader;

  EventQueue(int most, LongConsumer onVoid, Teller teller) {
    this.most = most;
    this.onVoid = onVoid;
    this.teller = teller;
  }

  synchronized void push(JobEvent event) {
    if (!over) {
      entries.add(new Entry.Event(event));
      if (++events > most) {
        entries.removeIf(this::isOldest);
      }
      drainSoon();
    }
  }

  private boolean isOldest(Entry entry) {
    if (events > most && entry instanceof Entry.Event) {
      events--;
      dropped++;
      return true;
    }
    return false;
  }

  /** Forgets what a run that starts again will give once more. */
  synchronized void rewind(long afterSeq) {
    if (!over) {
      entries.removeIf(entry ->
          entry instanceof Entry.Event gone
              ? gone.event().seq() > afterSeq
              : ((Entry.Rewind) entry).afterSeq() >= afterSeq);
      events = (int) entries.stream().filter(Entry.Event.class::isInstance).count();
      entries.add(new Entry.Rewind(afterSeq));
      drainSoon();
    }
  }

  /** No more will come; what is there is still read. */
  synchronized void end() {
    over = true;
    drainSoon();
  }

  /** Nothing of it is wanted any more. */
  synchronized void silence() {
    silent = true;
    entries.clear();
    events = 0;
    dropped = 0;
    end();
  }

  /** Gives the events to a reader, unless there is one already. */
  synchronized boolean read(Reader newReader) {
    if (reader != null) {
      return false;
    }
    reader = newReader;
    demand = 0;
    drainSoon();
    return true;
  }

  /** The reader takes so many more. */
  synchronized void more(Reader of, long count) {
    if (of.equals(reader)) {
      demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
      drainSoon();
    }
  }

  synchronized void leave(Reader of) {
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
    if (entries.peek() instanceof Entry.Rewind gone) {
      entries.remove();
      return silent ? () -> {} : () -> onVoid.accept(gone.afterSeq());
    }
    if (to != null && dropped > 0) {
      long count = dropped;
      dropped = 0;
      reader = null;
      return () -> to.lost(count);
    }
    if (to != null && demand > 0 && entries.peek() instanceof Entry.Event event) {
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

package io.streamer.gateway.action;

import java.util.function.Consumer;

/** A call that waits for a place of its action. What it came to is told once, on any thread. */
final class Ticket {
  private final ActionPlaces places;
  private final String connection;
  private final int bytes;
  private final long since;
  private final Consumer<Verdict> told;

  /** What the waiting came to. */
  enum Verdict {
    /** It has a place, which is to be {@link ActionPlaces#leave left}. */
    SERVED,
    /** There was no room to wait, or no more time. */
    REFUSED,
    /** Its connection has ended, so that nobody waits for the answer. */
    GONE
  }

  /**
   * A ticket that does not wait yet.
   *
   * @param bytes of its payload
   * @param since by the time of the event loop on which it was made
   */
  Ticket(ActionPlaces places, String connection, int bytes, long since, Consumer<Verdict> told) {
    this.places = places;
    this.connection = connection;
    this.bytes = bytes;
    this.since = since;
    this.told = told;
  }

  String connection() {
    return connection;
  }

  int bytes() {
    return bytes;
  }

  /** When it began to wait. */
  long since() {
    return since;
  }

  /** It has waited for long enough: if it still waits, it is refused. */
  void giveUp() {
    if (withdraw()) {
      tell(Verdict.REFUSED);
    }
  }

  /** Waits no longer, and is told nothing; false if it did not wait any more. */
  boolean withdraw() {
    return places.withdraw(this);
  }

  void tell(Verdict verdict) {
    told.accept(verdict);
  }
}

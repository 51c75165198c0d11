package io.streamer.gateway.store;

/** Hears how each call to the tables ended, retries included. Called on any thread; never waits. */
public interface StoreListener {
  /** How a call ended. */
  enum Ending {
    /** It was served; a condition that did not hold is an answer like any other. */
    ANSWERED,
    /** Somebody is there who would not serve it, as one that throttles. */
    REFUSED,
    /** Nobody answered, or something is broken over there. */
    UNANSWERED
  }

  /** One call is over that took so long. */
  void over(Ending ending, long nanos);
}

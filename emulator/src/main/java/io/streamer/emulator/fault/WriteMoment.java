package io.streamer.emulator.fault;

/** Where in a write's life something happens. */
public enum WriteMoment {
  /** The store never sees the write. */
  BEFORE,
  /** The store has done it, and its writer does not know yet. */
  BEHIND
}

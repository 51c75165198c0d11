package io.streamer.client;

import java.util.Locale;

/** Kinds of a job's frames. */
public enum FrameKind {
  /** How far it has come. */
  PROGRESS,
  /** Its events, and which of them are void. */
  EVENT,
  /** Its result or its error, which comes whatever is asked for. */
  TERMINAL;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.streamer.client;

import java.util.Locale;

/** Kinds of a job's frames. */
public enum FrameKind {
  PROGRESS,
  EVENT,
  TERMINAL;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.streamer.client;

import java.util.Locale;

/** What becomes of a job whose owner's connection is lost and does not come back in time. */
public enum OnDisconnect {
  KEEP,
  CANCEL;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.streamer.client;

import java.util.Locale;

/** What becomes of a job whose owner's connection is lost and does not come back in time. */
public enum OnDisconnect {
  /** It goes on; this is what the server does where nothing is said. */
  KEEP,
  /** It is cancelled. */
  CANCEL;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}

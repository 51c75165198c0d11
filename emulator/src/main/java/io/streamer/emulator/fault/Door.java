package io.streamer.emulator.fault;

import java.util.Locale;

/** How a client's socket came in. */
public enum Door {
  DIRECT,
  API_GATEWAY;

  /** The word for it in a plan's file. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.streamer.emulator.fault;

/** What a process of the stage is. */
public enum Role {
  GATEWAY,
  WORKER,
  /** Tests, the stream's pump and all else that no fault can kill. */
  OTHER;

  /** The word for it in a plan's file. */
  String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

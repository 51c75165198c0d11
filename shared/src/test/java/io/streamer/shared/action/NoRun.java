package io.streamer.shared.action;

import io.streamer.handler.Caller;
import io.streamer.handler.FileWriter;
import io.streamer.handler.StoredFile;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** A run for handlers that ask nothing of it. */
public final class NoRun extends BoundedRun {
  static final Caller CALLER = new Caller("t", "u", Set.of());

  public NoRun() {
    super("r", 1, CALLER, Instant.MAX, Map.of());
  }

  @Override
  protected void reported(double percentage, String message) {}

  @Override
  protected StoredFile store(String name, String contentType, FileWriter writer) {
    throw new AssertionError("no file is written here");
  }
}

package io.streamer.emulator.fault;

/** A plan's file cannot be used; the message begins with the file's name and the line. */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PlanException(String file, int line, String problem) {
    super(file + ":" + line + ": " + problem);
  }
}

package io.streamer.cli.build;

/** The handler jars cannot be packed; the message names the jar and says what to do. */
public final class Refused extends RuntimeException {
  Refused(String message) {
    super(message);
  }
}

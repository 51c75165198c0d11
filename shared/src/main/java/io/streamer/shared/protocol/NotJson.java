package io.streamer.shared.protocol;

/** The text is no JSON; where it goes wrong tells of our code, not of what the client can do. */
final class NotJson extends Exception {
  private static final long serialVersionUID = 1;

  NotJson() {
    // without a stack trace: every bad frame makes one
    super("no JSON", null, false, false);
  }
}

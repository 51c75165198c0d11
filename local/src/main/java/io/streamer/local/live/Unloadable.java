package io.streamer.local.live;

/** A file whose handlers cannot be served; the message is for the one who wrote it. */
final class Unloadable extends Exception {
  private static final long serialVersionUID = 1L;

  Unloadable(String message) {
    super(message);
  }
}

package io.streamer.worker;

/**
 * Ends the handler of a run that is over: it was interrupted, or the job is somebody else's. An
 * Error, so that a handler's {@code catch (Exception)} lets it through.
 */
final class Stopped extends Error {
  private static final long serialVersionUID = 1L;

  Stopped() {
    super("the run is over: nothing more of it is stored", null, false, false);
  }

  /** On a thread that was interrupted while it waited. */
  static Stopped interrupted() {
    Thread.currentThread().interrupt();
    return new Stopped();
  }
}

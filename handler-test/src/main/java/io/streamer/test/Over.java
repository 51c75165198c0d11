package io.streamer.test;

/**
 * Ends the handler of a run that has crashed or is cancelled. An Error, so that a handler's {@code
 * catch (Exception)} lets it through.
 */
final class Over extends Error {
  private static final long serialVersionUID = 1L;

  Over() {
    super("the run is over: nothing more of it is stored", null, false, false);
  }
}

package io.streamer.test;

/**
 * Ends a run as the end of its process would. An Error, so that a handler's {@code catch
 * (Exception)} lets it through.
 */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("the test has the process crash here", null, false, false);
  }
}

package io.streamer.shared.action;

/**
 * Ends a run at its checkpoint, because its invocation's time is nearly up: the job goes on in
 * another. An Error, so that a handler's {@code catch (Exception)} lets it through.
 */
final class OutOfTime extends Error {
  private static final long serialVersionUID = 1L;

  OutOfTime() {
    super("the invocation's time is up; the job goes on in another", null, false, false);
  }
}

package io.streamer.shared.action;

/**
 * Ends the handler of a run that is over: it is cancelled, its time is up, or the job is somebody
 * else's. An Error, so that a handler's {@code catch (Exception)} lets it through.
 */
public final class Stopped extends Error {
  private static final long serialVersionUID = 1L;

  public Stopped() {
    super("the run is over: nothing more of it begins or is stored", null, false, false);
  }

  /** On a thread that was interrupted while it waited. */
  public static Stopped interrupted() {
    Thread.currentThread().interrupt();
    return new Stopped();
  }
}

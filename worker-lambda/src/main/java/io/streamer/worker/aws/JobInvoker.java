package io.streamer.worker.aws;

/** Invokes the function that runs jobs, asynchronously. Safe for all threads. */
public interface JobInvoker extends AutoCloseable {
  /**
   * Has it run with an event; blocks until Lambda has taken that.
   *
   * @throws NotInvokedException if Lambda did not, or did not say so in time; it may have taken it
   *     all the same
   */
  void invoke(byte[] event);

  @Override
  void close();
}

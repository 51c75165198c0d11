package io.streamer.shared.push;

/** What became of a push. */
public sealed interface Pushed {

  record Delivered() implements Pushed {}

  /** The connection is no more; this one or an earlier frame may still have arrived. */
  record Gone() implements Pushed {}

  /**
   * It did not get through.
   *
   * @param why for the log: no frame content
   * @param retryable whether the same push may work later
   */
  record Failed(String why, boolean retryable) implements Pushed {}
}

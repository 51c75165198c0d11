package io.streamer.gateway.action;

/** Who waits for what comes of a call; told on the context on which the call was made. */
public interface Waiting {
  /** The connection that asked: those that ask more take turns with others. On any thread. */
  String connection();

  /** Whether it is still there, as far as this task knows. On any thread. */
  boolean isConnected();

  /** Its handler has run for as long as the threshold; told once at most, and before the reply. */
  void overran();

  /** It has come to this; told once. */
  void replied(ActionReply reply);
}

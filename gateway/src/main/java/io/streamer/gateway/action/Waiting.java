package io.streamer.gateway.action;

/** Who waits for what comes of a call; told on the context on which the call was made. */
public interface Waiting {
  /** Its handler has run for as long as the threshold; told once at most, and before the reply. */
  void overran();

  /** It has come to this; told once. */
  void replied(ActionReply reply);
}

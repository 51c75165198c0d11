package io.streamer.handler;

/**
 * Wraps every action: for logging, tracing, an authorisation of one's own. Called on the request's
 * own thread.
 */
public interface Interceptor {

  /**
   * Called in the gateway before a request is accepted.
   *
   * @throws Failure to turn it away: nothing is queued
   */
  default void accept(String action, Caller caller) {}

  /**
   * Called around the handler, wherever it runs.
   *
   * @return what {@code next} returned, or something else of the handler's result type
   */
  default Object run(String action, Run run, Next next) throws Exception {
    return next.proceed();
  }

  /** The rest of the way to the handler. */
  @FunctionalInterface
  interface Next {

    /** Goes on, and returns what the handler did. */
    Object proceed() throws Exception;
  }
}

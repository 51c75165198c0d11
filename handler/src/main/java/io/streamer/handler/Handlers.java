package io.streamer.handler;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** Takes the handlers of a {@link HandlerModule}. */
public interface Handlers {

  /**
   * Adds the handler of one action.
   *
   * @param type carries {@link Action} and says what goes in and out
   * @param supplier makes the one instance of a process; called only where the action runs: at the
   *     gateway's start if it may answer on the spot, at the first job in the worker
   * @throws IllegalArgumentException if the class has no {@link Action}, one of its values is out
   *     of range, its types cannot be told, or the action is taken
   */
  <I, O> Added<I> add(
      Class<? extends Handler<I, O>> type, Supplier<? extends Handler<I, O>> supplier);

  /** Adds an interceptor around every action; the first added is the outermost. */
  void intercept(Interceptor interceptor);

  /** A handler that was added. */
  interface Added<I> {

    /**
     * Estimates each request by its payload; the estimate takes the place of {@link
     * Action#expected()} in deciding whether it is answered on the spot.
     */
    Added<I> expecting(Function<? super I, Duration> estimate);
  }
}

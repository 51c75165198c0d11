package io.streamer.handler;

import org.jspecify.annotations.Nullable;

/**
 * What a step does.
 *
 * @param <T> its result
 */
@FunctionalInterface
public interface StepBody<T extends @Nullable Object> {

  /**
   * Does it, once or, after a crash, again.
   *
   * @param key the same in every attempt of the same step: pass it on as the idempotency key of
   *     whatever is called
   * @throws Exception whatever went wrong: nothing is stored, and the run fails as if it had thrown
   */
  T run(String key) throws Exception;
}

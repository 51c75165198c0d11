package io.streamer.handler;

/**
 * The work behind one action. The same class answers on the spot in the gateway or runs as a job in
 * the worker, by how long it is expected to take ({@link Action#expected()}).
 *
 * <p>One instance serves many requests at the same time, each on a thread of its own, so fields
 * must be safe to share. Blocking is fine: in the gateway that is a virtual thread, for a job in
 * the worker a platform thread. An instance that is {@link AutoCloseable} is closed when its
 * process stops.
 *
 * @param <I> the payload: a record, a collection or simple type, or {@link RawJson} for any JSON
 *     untouched
 * @param <O> the result; one that is no JSON object goes out as {@code {"value": …}}
 */
@FunctionalInterface
public interface Handler<I, O> {

  /**
   * Does the work.
   *
   * @throws Failure to refuse, or to ask for another attempt
   * @throws Exception anything else: answered with {@code INTERNAL_ERROR} on the spot, counted as a
   *     failed attempt in a job
   */
  O handle(I request, Run run) throws Exception;
}

package io.streamer.gateway.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;

/**
 * What came of looking something up, for a cache. One that is given futures that fail writes the
 * stack of each to standard error (Caffeine's LocalAsyncCache does): so a failure is a value here,
 * which is not kept.
 *
 * @param <T> what is looked up
 */
public sealed interface Lookup<T> {
  /** It was answered. */
  record Found<T>(T value) implements Lookup<T> {}

  /** It was not. */
  record Failed<T>(Throwable cause) implements Lookup<T> {}

  /** As a cache keeps it; never fails. */
  static <T> CompletableFuture<Lookup<T>> of(Future<T> asked) {
    return asked
        .<Lookup<T>>map(Found::new)
        .otherwise(Failed::new)
        .toCompletionStage()
        .toCompletableFuture();
  }

  /** As whoever asked wants it, on their context. */
  static <T> Future<T> answer(CompletableFuture<Lookup<T>> kept, Context context) {
    return Future.fromCompletionStage(kept, context)
        .compose(lookup ->
            switch (lookup) {
              case Found<T>(var value) -> Future.succeededFuture(value);
              case Failed<T>(var cause) -> Future.failedFuture(cause);
            });
  }
}

package io.streamer.shared.table;

import java.util.function.Function;

/**
 * What is asked of the tables, and how each answer leads on, without any I/O. Whoever executes one
 * loops: {@code Done} has the value; for {@code Ask}, send its request and go on with what {@code
 * next} makes of the answer. A call may be executed again; it holds no state.
 */
public sealed interface Call<T> {

  record Done<T>(T value) implements Call<T> {}

  record Ask<T>(StoreRequest request, Function<Answer, Call<T>> next) implements Call<T> {}

  static <T> Call<T> done(T value) {
    return new Done<>(value);
  }

  /** Asks once. */
  static <T> Call<T> ask(StoreRequest request, Function<Answer, T> read) {
    return new Ask<>(request, answer -> done(read.apply(answer)));
  }

  /** Goes on with the value. */
  default <U> Call<U> then(Function<? super T, Call<U>> next) {
    return switch (this) {
      case Done<T>(var value) -> next.apply(value);
      case Ask<T>(var request, var read) ->
          new Ask<>(request, answer -> read.apply(answer).then(next));
    };
  }

  default <U> Call<U> map(Function<? super T, ? extends U> change) {
    return then(value -> done(change.apply(value)));
  }

  /** The value, by one request after the other; waits for each answer. */
  default T run(Function<StoreRequest, Answer> send) {
    Call<T> step = this;
    while (true) {
      switch (step) {
        case Done<T>(var value) -> {
          return value;
        }
        case Ask<T>(var request, var next) -> step = next.apply(send.apply(request));
      }
    }
  }
}

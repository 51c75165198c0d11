package io.streamer.client.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gets the token of a connection without keeping the loop waiting. */
public interface TokenAsk {
  /** Both are told on the loop, one of them once. */
  void ask(Consumer<String> got, Consumer<String> failed);

  /** Whether another token may be had than the last one. */
  boolean renews();

  /** Always the same one. */
  static TokenAsk fixed(String token) {
    return new TokenAsk() {
      @Override
      public void ask(Consumer<String> got, Consumer<String> failed) {
        got.accept(token);
      }

      @Override
      public boolean renews() {
        return false;
      }
    };
  }

  /** What a caller's source gives, asked where it keeps nobody waiting. */
  static TokenAsk from(Callable<String> source, Loop loop, Executor aside) {
    return new TokenAsk() {
      private static final long LONGEST = 60_000;

      @Override
      public void ask(Consumer<String> got, Consumer<String> failed) {
        var answered = new AtomicBoolean();
        var late =
            loop.after(
                LONGEST,
                () -> {
                  if (answered.compareAndSet(false, true)) {
                    failed.accept("no token within " + LONGEST / 1_000 + " s");
                  }
                });
        aside.execute(() -> {
          var found = get(source);
          loop.run(() -> {
            if (answered.compareAndSet(false, true)) {
              late.cancel();
              if (found.token() != null) {
                got.accept(found.token());
              } else {
                failed.accept(found.why());
              }
            }
          });
        });
      }

      @Override
      public boolean renews() {
        return true;
      }
    };
  }

  private static Found get(Callable<String> source) {
    try {
      var token = source.call();
      return new Found(token, "the token source gave none");
    } catch (Exception e) {
      // what a source says may hold the token
      return new Found(null, "no token: its source threw " + e.getClass().getSimpleName());
    }
  }

  /** A token, or why there is none. */
  record Found(@Nullable String token, String why) {
    @Override
    public String toString() {
      return "a token is not shown";
    }
  }
}

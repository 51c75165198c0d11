package quickstart;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import java.time.Duration;

/** What this jar serves; named in META-INF/services. */
public final class Actions implements HandlerModule {
  /** What a slow machine gets through in a millisecond. */
  private static final long NUMBERS_PER_MS = 100_000;

  @Override
  public void register(Handlers handlers, Config config) {
    handlers.add(Prime.class, Prime::new);
    handlers
        .add(Primes.class, Primes::new)
        // up to 500 million are counted on the spot, more become a job
        .expecting(request -> Duration.ofMillis(request.upTo() / NUMBERS_PER_MS));
  }
}

package @package@;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import java.time.Duration;

/** What this jar serves; named in META-INF/services. */
public final class Actions implements HandlerModule {
  @Override
  public void register(Handlers handlers, Config config) {
    handlers
        .add(Greet.class, Greet::new)
        // a second a name: up to five are answered on the spot, more become a job
        .expecting(request -> Duration.ofSeconds(request.names().size()));
  }
}

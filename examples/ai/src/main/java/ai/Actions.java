package ai;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import java.time.Duration;

/** What this jar serves; named in META-INF/services. */
public final class Actions implements HandlerModule {

  /** {@code AI_PACE_MS}: what a token takes, as it would from a larger model; 60 unless set. */
  @Override
  public void register(Handlers handlers, Config config) {
    var pace = Duration.ofMillis(Long.parseLong(config.find("AI_PACE_MS").orElse("60")));
    handlers.add(Tell.class, () -> new Tell(Model.ofStory(), pace));
  }
}

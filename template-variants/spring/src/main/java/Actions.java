package @package@;

import io.streamer.handler.Config;
import io.streamer.handler.HandlerModule;
import io.streamer.handler.Handlers;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** What this jar serves; named in META-INF/services. */
public final class Actions implements HandlerModule {
  private final Consumer<String> voice;

  public Actions() {
    this(System.out::println);
  }

  /** Tests greet with a voice of their own. */
  Actions(Consumer<String> voice) {
    this.voice = voice;
  }

  @Override
  public void register(Handlers handlers, Config config) {
    var context = new Context(() -> start(config));
    handlers
        .add(Greet.class, () -> context.handler(Greet.class))
        // a second a name: up to five are answered on the spot, more become a job
        .expecting(request -> Duration.ofSeconds(request.names().size()));
  }

  private ConfigurableApplicationContext start(Config config) {
    var context = new AnnotationConfigApplicationContext();
    context.registerBean(Beans.class, () -> new Beans(config, voice));
    context.refresh();
    return context;
  }
}
